// muster stats: statistics of the whole tracker.

import type { Command } from 'commander'
import { type ApiSession, addApiAction, type Registry } from '../api-command.ts'
import { writeFields, writeJson } from '../output.ts'

export const registerStats = (program: Command, registry: Registry): void => {
  addApiAction(
    program.command('stats').description('print counts of torrents, peers and events'),
    'muster stats --json',
    registry,
    showStats,
  )
}

const showStats = async ({ client, asJson, isTerminal, out }: ApiSession): Promise<number> => {
  const stats = await client.call('getStatistics')
  const { counters, ...figures } = stats
  out(asJson ? writeJson(stats) : writeFields({ ...figures, ...counters }, isTerminal))
  return 0
}
