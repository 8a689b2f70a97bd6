// `npm run bench -- SUBJECT [options]`: runs one benchmark, prints its tables, and optionally saves them.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Bench, CannotRun } from './bench.ts'
import { compareBench } from './compare.ts'
import { httpBench } from './http.ts'
import { limitsBench } from './limits.ts'
import { loadBench } from './load.ts'
import { machine } from './machine.ts'
import { persistenceBench } from './persistence.ts'
import { registryBench } from './registry.ts'
import { asJson, asText, type Run, save } from './report.ts'
import { snapshotBench } from './snapshot.ts'
import { udpBench } from './udp.ts'

const BENCHES: Readonly<Record<string, Bench>> = {
  udp: udpBench,
  http: httpBench,
  registry: registryBench,
  persistence: persistenceBench,
  snapshot: snapshotBench,
  limits: limitsBench,
  load: loadBench,
  compare: compareBench,
}

const SHARED_OPTIONS = {
  help: { type: 'boolean' },
  save: { type: 'boolean' },
  subject: { type: 'string' },
  json: { type: 'string' },
  note: { type: 'string' },
} as const

function help(): string {
  return [
    'usage: npm run bench -- SUBJECT [options]',
    '  --save           save the results in docs/benchmarks/',
    '  --subject NAME   under this name',
    '  --json FILE      also write all figures to this file',
    '  --note TEXT      add this to the notes, such as what else ran on the machine',
    ...Object.entries(BENCHES).flatMap(([name, { summary, help: lines }]) => [
      `\n${name}: ${summary}`,
      ...lines.map((line) => `  ${line}`),
    ]),
  ].join('\n')
}

async function run([name = '', ...words]: readonly string[]): Promise<void> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
  if (bench === undefined || words.includes('--help')) {
    console.log(help())
    if (bench === undefined && name !== '--help') process.exitCode = 2
    return
  }
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { ...SHARED_OPTIONS, ...bench.options },
    allowPositionals: bench.takesWords === true,
  })
  const startedAt = new Date()
  const about = machine()
  const found = await bench.run(values as Record<string, string | boolean | undefined>, positionals)
  const { note } = values
  const report = typeof note === 'string' ? { ...found, notes: [...found.notes, note] } : found
  const subject = typeof values['subject'] === 'string' ? values['subject'] : name
  const command = ['npm run bench --', name, ...words].join(' ')
  const result: Run = { subject, command, machine: about, startedAt, report }
  console.log(asText(report))
  if (typeof values['json'] === 'string') writeFileSync(values['json'], asJson(result))
  if (report.isPassed === false) process.exitCode = 1
  if (values['save'] === true) console.log(`\nsaved in ${save(result)}`)
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  const isMistake = error instanceof CannotRun || (error instanceof TypeError && 'code' in error)
  console.error(isMistake ? `bench: ${error.message}` : error)
  process.exitCode = 1
}
