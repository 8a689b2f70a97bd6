// `npm run soak [-- options]`: the tracker beside real clients and every attack, with a report and bounds that it must
// hold. Exit code 1 if one is missed, 2 for a mistake, 3 if this machine cannot run it.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { CannotRun, numberOf } from '../bench.ts'
import { machine } from '../machine.ts'
import { needProgram } from '../processes.ts'
import { asJson, asText, type Run, save } from '../report.ts'
import { compileNative } from '../udp/native-tools.ts'
import { ATTACKS, type Attack, attacksNamed } from './attacks.ts'
import { judge } from './bounds.ts'
import { Enclosure, isInside, runInside, wayInside } from './enclosure.ts'
import { soak } from './soak.ts'
import { reportOf } from './soak-report.ts'

const MISTAKE = 2
const NOT_RUN = 3
const TOOLS = ['udp-crowd', 'udp-floor', 'udp-flood', 'http-crowd', 'tcp-flood']
const OPTIONS = {
  help: { type: 'boolean' },
  seconds: { type: 'string', default: '600' },
  attack: { type: 'string', multiple: true },
  untimed: { type: 'boolean' },
  json: { type: 'string' },
  save: { type: 'boolean' },
} as const

const HELP = `usage: npm run soak [-- options]

Runs the tracker with embedded defaults in a network namespace of its own, with clients at 60 % of what the machine can
do, first alone, then beside each attack in turn, with a calm phase after each. Prints for each phase how many requests
were answered and how fast, the tracker's memory, CPU and counters, and whether these bounds hold:

  announces of clients that hold a connection id, and on kept HTTP connections   99.5 % answered, p99 under 50 ms
  clients that connect first, with their repetitions, over UDP and HTTP          95 % answered
  resident memory                                                                budget + 150 MiB
  30 seeders of the attacked torrent are kept, 100 newcomers stored in it and in a new torrent

Options:
  --seconds S     length of everything together (600)
  --attack NAME   only this attack, or these: the option can be repeated, and \`swarm\` is all attacks named swarm-*
  --untimed       judge memory and swarms only: for a machine that is busy with other work
  --json FILE     also write all figures to this file
  --save          save the results in docs/benchmarks/

Attacks:
${ATTACKS.map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n')}

It needs Linux, a C compiler, iproute2 and util-linux, and root or user namespaces. Two cores or more: with one, the
attacks take the tracker's time, and the bounds of time mean little. Nothing leaves the machine.
Exit code: 0 if all bounds hold, 1 if one is missed, 2 for a mistake, ${NOT_RUN} if this machine cannot run it.`

function chosenAttacks(names: readonly string[] | undefined): readonly Attack[] {
  if (names === undefined) return ATTACKS
  const unknown = names.find((name) => attacksNamed([name]).length === 0)
  if (unknown !== undefined) throw new CannotRun(`there is no attack ${unknown}; --help lists them`)
  return attacksNamed(names)
}

async function enter(): Promise<number> {
  needProgram('unshare', 'make network namespaces (Debian: apt install util-linux)')
  needProgram('ip', 'connect network namespaces (Debian: apt install iproute2)')
  const way = wayInside()
  if (way !== undefined) return await runInside(way)
  console.error(
    'soak: NOT RUN: this machine lets us make no network namespace; run it as root, or allow user namespaces',
  )
  return NOT_RUN
}

async function run(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: OPTIONS })
  if (values.help === true) {
    console.log(HELP)
    return 0
  }
  const attacks = chosenAttacks(values.attack)
  const seconds = numberOf({ seconds: values.seconds }, 'seconds', 10)
  if (!isInside()) return await enter()
  const startedAt = new Date()
  const about = machine()
  const tools = compileNative(TOOLS)
  const enclosure = await Enclosure.create()
  try {
    const result = await soak(tools.folder, enclosure, attacks, seconds)
    const verdicts = judge(result, values.untimed !== true)
    const report = reportOf(result, verdicts)
    const command = ['npm run soak', ...(words.length > 0 ? ['--', ...words] : [])].join(' ')
    const saved: Run = { subject: 'soak', command, machine: about, startedAt, report }
    console.log(asText(report))
    if (values.json !== undefined) writeFileSync(values.json, asJson(saved))
    if (values.save === true) console.log(`\nsaved in ${save(saved)}`)
    return verdicts.every(({ isHeld }) => isHeld) ? 0 : 1
  } finally {
    await enclosure.remove()
    tools.remove()
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const isMistake = error instanceof CannotRun || (error instanceof TypeError && 'code' in error)
  console.error(isMistake ? `soak: ${error.message}` : error)
  process.exitCode = isMistake ? MISTAKE : 1
}
