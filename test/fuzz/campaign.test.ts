import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SeededRandom } from '../model/seeded-random.ts'
import { Finding, runOne } from './campaign.ts'
import { Mutator } from './mutator.ts'
import { BrokenRule, hold, latin1, same } from './target.ts'

/** In a process of its own: jest compiles modules in a way that hides them from coverage. */
function hunt(isGuided: boolean): string {
  const here = (file: string): string => JSON.stringify(join(import.meta.dirname, file))
  const script = `
    import { BlockCoverage } from ${here('block-coverage.ts')}
    import { campaign } from ${here('campaign.ts')}
    import { readPlanted } from ${here('planted-bug.ts')}
    const coverage = ${isGuided} ? new BlockCoverage((url) => url.endsWith('/planted-bug.ts')) : undefined
    const target = { seeds: [new Uint8Array(4)], dictionary: [], maxBytes: 8, check: (input) => void readPlanted(input) }
    const options = { seed: 1, maxInputs: 100_000, maxSeconds: 60, kept: [], coverage }
    try {
      await campaign(target, options)
      console.log('nothing')
    } catch (error) {
      console.log(error.message, Buffer.from(error.input).toString('latin1').slice(0, 4))
    }`
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }).stdout.trim()
}

describe('a campaign', () => {
  it('is guided by coverage to a bug that chance does not find', () => {
    expect(hunt(true)).toBe('the planted bug must')
    expect(hunt(false)).toBe('nothing')
  }, 60_000)
})

describe('one input', () => {
  const target = { seeds: [], dictionary: [], maxBytes: 8 }

  it('for which a check throws is a finding that has the input', async () => {
    const check = (): void => hold(false, 'a rule')
    const finding = await runOne({ ...target, check }, latin1('abc')).catch((error) => error)
    expect(finding).toBeInstanceOf(Finding)
    expect([finding.message, finding.input]).toEqual(['a rule', latin1('abc')])
  })

  it('for which a check rejects is one too', async () => {
    const check = async (): Promise<void> => same(1, 2, 'a figure')
    await expect(runOne({ ...target, check }, latin1('abc'))).rejects.toMatchObject({
      message: 'a figure: got 1, expected 2',
      cause: expect.any(BrokenRule),
    })
  })
})

describe('a mutator', () => {
  it('makes the same changes from the same seed, within the largest size', () => {
    const changes = (seed: number): string[] => {
      const mutator = new Mutator(new SeededRandom(seed), ['word'], 40)
      return Array.from({ length: 500 }, () => {
        const input = mutator.change(latin1('some input'), latin1('another'))
        return Buffer.from(input).toString('hex')
      })
    }
    expect(changes(1)).toEqual(changes(1))
    expect(changes(1)).not.toEqual(changes(2))
    expect(Math.max(...changes(1).map((hex) => hex.length / 2))).toBe(40)
  })

  it('leaves its input as it is', () => {
    const input = latin1('some input')
    const mutator = new Mutator(new SeededRandom(1), ['word'], 100)
    for (let times = 0; times < 500; times++) mutator.change(input, input)
    expect(input).toEqual(latin1('some input'))
  })
})
