// Makes plans of loads for tests.

import type { LoadPlan } from '../../../src/adapters/load/load-plan.ts'
import { Family } from '../../../src/domain/announce.ts'

export function aLoadPlan(changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    transport: 'udp',
    targets: [{ address: '127.0.0.1', port: 6969, family: Family.IPv4 }],
    ipv6Share: 0,
    threads: 1,
    sockets: 2,
    inFlight: 4,
    requestsPerSecond: undefined,
    warmUpSeconds: 0,
    seconds: 1,
    timeoutSeconds: 1,
    fills: false,
    mix: { connect: 0, announce: 1, scrape: 0 },
    population: { torrents: 50, peers: 200, seed: 1, isEven: false },
    seeders: 0.75,
    hasLifecycle: false,
    numwant: 30,
    scrapeHashes: 10,
    hostile: { garbage: 0, 'forged-ids': 0, connects: 0, 'random-hashes': 0, 'one-address': 0 },
    path: '',
    hostHeader: '127.0.0.1',
    isFresh: false,
    slowHeads: 0,
    ...changes,
  }
}
