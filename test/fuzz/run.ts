// `npm run fuzz`: fuzzes one target after the other. Exits with 1 after a finding, whose input is saved.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BlockCoverage } from './block-coverage.ts'
import { campaign, Finding, runOne } from './campaign.ts'
import { addToCorpus, readCorpus, saveFinding } from './kept-inputs.ts'
import { SUBJECTS } from './subjects.ts'
import { BrokenRule, type FuzzTarget } from './target.ts'

const SOURCE = new URL('../../src/', import.meta.url).href

const HELP = [
  'usage: npm run fuzz [-- options]',
  '  --target NAME    only this target; may be repeated',
  '  --seconds N      for each target (60); an hour or more by hand',
  '  --inputs N       end a target after this many inputs, for a run that can be repeated exactly',
  '  --seed N         of the random changes (random)',
  '  --input FILE     check only the input in this file, which an earlier run has saved',
  '  --keep           add inputs that reach new code to test/fuzz/corpus',
  '',
  'targets:',
  ...Object.entries(SUBJECTS).map(([name, { summary }]) => `  ${name.padEnd(16)} ${summary}`),
].join('\n')

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    target: { type: 'string', multiple: true, default: Object.keys(SUBJECTS) },
    seconds: { type: 'string', default: '60' },
    inputs: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    input: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

const [seed, seconds, inputs] = [values.seed, values.seconds, values.inputs].map(Number)

/** False after a finding. */
async function fuzz(name: string): Promise<boolean> {
  const subject = Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name] : undefined
  if (subject === undefined) throw new Error(`there is no target ${name}; see --help`)
  const coverage = new BlockCoverage((url) => url.startsWith(SOURCE))
  const target = await subject.open()
  try {
    if (values.input !== undefined) await runOne(target, new Uint8Array(readFileSync(values.input)))
    else await mutate(name, target, coverage)
    await target.close?.()
    return true
  } catch (error) {
    await target.close?.().catch(() => undefined)
    report(name, error)
    return false
  } finally {
    coverage.close()
  }
}

async function mutate(name: string, target: FuzzTarget, coverage: BlockCoverage): Promise<void> {
  const options = { seed, maxInputs: inputs, maxSeconds: seconds, kept: readCorpus(name), coverage }
  const { inputs: count, seconds: passed, found } = await campaign(target, options)
  const kept = values.keep ? addToCorpus(name, found) : 0
  const figures = `${count} inputs, ${Math.round(count / passed)}/s, ${found.length} with new code, ${kept} kept`
  console.log(`${name}: ${figures}; ${coverage.size} characters of source have run; seed ${seed}`)
}

function report(name: string, error: unknown): void {
  if (!(error instanceof Finding)) {
    if (!(error instanceof BrokenRule)) throw error
    console.error(`FOUND by ${name}, seed ${seed}, after all inputs: ${error.message}`)
    return
  }
  const path = values.input ?? saveFinding(name, error.input)
  console.error(error.cause)
  console.error(`\nFOUND by ${name}, seed ${seed}: ${error.message}`)
  console.error(`repeat it with: npm run fuzz -- --target ${name} --input ${path}`)
}

if (values.help) console.log(HELP)
else {
  let isSound = true
  for (const name of values.target) isSound = (await fuzz(name)) && isSound
  process.exit(isSound ? 0 : 1)
}
