// Fuzzes one target: runs its seeds and the kept inputs, then mutated ones. An input that reaches code which no other
// has reached joins the corpus.

import { SeededRandom } from '../model/seeded-random.ts'
import type { BlockCoverage } from './block-coverage.ts'
import { Mutator } from './mutator.ts'
import type { FuzzTarget } from './target.ts'

export interface CampaignOptions {
  readonly seed: number
  /** The end is whichever comes first. */
  readonly maxInputs: number
  readonly maxSeconds: number
  /** From earlier campaigns. */
  readonly kept: readonly Uint8Array[]
  /** Undefined for a target whose code runs in another process. */
  readonly coverage: BlockCoverage | undefined
}

export interface CampaignReport {
  readonly inputs: number
  readonly seconds: number
  /** Inputs of this campaign that reached new code. */
  readonly found: readonly Uint8Array[]
}

/** An input for which a check threw. */
export class Finding extends Error {
  readonly input: Uint8Array

  constructor(input: Uint8Array, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.input = input
  }
}

const BATCH = 64
/** A codec that takes this long for a few kilobytes has no bound on its work. */
const MAX_CHECK_MS = 5000

export async function runOne(target: FuzzTarget, input: Uint8Array): Promise<void> {
  const beganAt = performance.now()
  try {
    const pending = target.check(input)
    if (pending !== undefined) await pending
  } catch (error) {
    throw new Finding(input, error)
  }
  const took = performance.now() - beganAt
  if (took > MAX_CHECK_MS) throw new Finding(input, new Error(`took ${Math.round(took)} ms`))
}

export async function campaign(target: FuzzTarget, options: CampaignOptions): Promise<CampaignReport> {
  const { coverage } = options
  const beganAt = performance.now()
  const passedSeconds = () => (performance.now() - beganAt) / 1000
  const corpus: Uint8Array[] = [...target.seeds, ...options.kept]
  const found: Uint8Array[] = []
  const random = new SeededRandom(options.seed)
  const mutator = new Mutator(random, target.dictionary, target.maxBytes)
  let inputs = 0
  const run = async (batch: Iterable<Uint8Array>): Promise<void> => {
    for (const input of batch) {
      await runOne(target, input)
      inputs++
    }
  }
  await run(corpus)
  if (target.always !== undefined) await run(target.always)
  coverage?.hasNew(coverage.take(), true)
  while (inputs < options.maxInputs && passedSeconds() < options.maxSeconds) {
    const batch = Array.from({ length: BATCH }, () => mutator.change(random.pick(corpus), random.pick(corpus)))
    await run(batch)
    if (coverage === undefined) continue
    const taken = coverage.take()
    if (!coverage.hasNew(taken, false)) continue
    for (const input of batch) {
      await run([input])
      if (!coverage.hasNew(coverage.take(), true)) continue
      corpus.push(input)
      found.push(input)
    }
    // What none reached alone, such as code that depends on time, would otherwise stay new.
    coverage.hasNew(taken, true)
  }
  return { inputs, seconds: passedSeconds(), found }
}
