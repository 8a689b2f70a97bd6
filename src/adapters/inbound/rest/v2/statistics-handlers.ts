// REST v2: figures, from the domain's words to the contract's.

import type { Statistics } from '../../../../domain/ports/inbound/statistics.ts'
import type { statistics } from '../../../protocol/rest/v2/statistics.ts'
import type { Handlers } from './mount.ts'

export const statisticsHandlers = (figures: Statistics): Handlers<typeof statistics> => ({
  getStatistics: async () => {
    const snapshot = figures.snapshot()
    const body = {
      torrents: snapshot.torrents,
      seeders: snapshot.seeders,
      leechers: snapshot.leechers,
      ipv4_peers: snapshot.ipv4Peers,
      ipv6_peers: snapshot.ipv6Peers,
      completed: snapshot.completed,
      completed_this_run: snapshot.completedThisRun,
      completed_persisted: snapshot.completedPersisted ?? null,
      counters: { ...snapshot.counters },
    }
    return { status: 200, body }
  },
})
