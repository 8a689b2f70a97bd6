// muster stats: statistics of the whole tracker.

import type { Command } from 'commander'
import { type ApiSession, addApiAction, type CommandRegistration } from '../api-command.ts'
import { writeFields, writeJson } from '../output.ts'

export function registerStats(program: Command, registry: CommandRegistration): void {
  addApiAction(
    program.command('stats').description('print counts of torrents, peers and events'),
    'muster stats --json',
    registry,
    showStats,
  )
}

async function showStats({ client, asJson, isTerminal, columns, out }: ApiSession): Promise<number> {
  const stats = await client.call('getStatistics')
  const { counters, ...figures } = stats
  out(asJson ? writeJson(stats) : writeFields({ ...figures, ...counters }, { isTerminal, columns }))
  return 0
}
