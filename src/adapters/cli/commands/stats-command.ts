// muster stats: statistics of the whole tracker, once or again and again.

import type { Command } from 'commander'
import { type ApiSession, addApiAction, type CommandRegistration } from '../api-command.ts'
import { countArgument } from '../arguments.ts'
import { writeFields, writeJson, writeJsonLine } from '../output.ts'
import { type Look, writeStatistics } from './stats-report.ts'

interface StatsOptions {
  /** Seconds between two looks; true: the default. */
  readonly watch?: number | true
}

const WATCH_SECONDS = 2
const CLEAR_SCREEN = '\u001b[H\u001b[J'

export function registerStats(program: Command, registry: CommandRegistration): void {
  addApiAction(
    program
      .command('stats')
      .description('print counts of torrents, peers and events, and their rates')
      .option(
        '--watch [seconds]',
        `look again every so often (default: ${WATCH_SECONDS}), until Ctrl-C`,
        countArgument,
      ),
    'muster stats\nmuster stats --watch 10',
    registry,
    (session, { watch }: StatsOptions) =>
      watch === undefined ? showOnce(session) : watchAll(watch === true ? WATCH_SECONDS : watch, session),
  )
}

async function showOnce(session: ApiSession): Promise<number> {
  const { asJson, isTerminal, out } = session
  const look = await lookNow(session)
  if (asJson) out(writeJson(look.statistics))
  else out(isTerminal ? writeStatistics(look, undefined) : fieldLines(look, session))
  return 0
}

async function watchAll(seconds: number, session: ApiSession): Promise<number> {
  const { asJson, isTerminal, out, ticks } = session
  let earlier: Look | undefined
  for await (const _ of ticks(seconds)) {
    const look = await lookNow(session)
    if (asJson) out(writeJsonLine(look.statistics))
    else if (isTerminal) out(`${CLEAR_SCREEN}${writeStatistics(look, earlier)}`)
    else out(`${fieldLines(look, session)}\n`)
    earlier = look
  }
  return 0
}

async function lookNow({ client }: ApiSession): Promise<Look> {
  return { statistics: await client.call('getStatistics'), atMs: performance.now() }
}

function fieldLines({ statistics }: Look, session: ApiSession): string {
  const { counters, swarm_memory: memory, under_attack, ...figures } = statistics
  const bytes = { swarm_memory_used_bytes: memory.used_bytes, swarm_memory_budget_bytes: memory.budget_bytes }
  return writeFields({ ...figures, under_attack: String(under_attack), ...bytes, ...counters }, session)
}
