// A short run of each target with the kept corpus, always the same one. Longer ones are for `npm run fuzz`.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SUBJECTS } from './subjects.ts'

const RUN = join(import.meta.dirname, 'run.ts')
const MAX_RUN_MS = 60_000
/** A second or two for each. */
const MAX_INPUTS: Readonly<Record<string, number>> = {
  management: 200,
  snapshots: 250,
  settings: 1000,
  listeners: 5000,
}
const DEFAULT_MAX_INPUTS = 10_000

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('mutated inputs', () => {
  it.each(Object.keys(SUBJECTS))(
    'break no rule of %s',
    (name) => {
      const inputs = MAX_INPUTS[name] ?? DEFAULT_MAX_INPUTS
      const { status, stdout, stderr } = run('--target', name, '--inputs', String(inputs), '--seed', '1')
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(new RegExp(`^${name}: \\d+ inputs`))
    },
    MAX_RUN_MS,
  )
})

describe('npm run fuzz', () => {
  it('lists its options and targets', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    for (const word of ['--seconds', '--seed', '--input FILE', ...Object.keys(SUBJECTS)]) expect(stdout).toContain(word)
  })

  it('knows no other targets', () => {
    const { status, stderr } = run('--target', 'constructor')
    expect(status).toBe(1)
    expect(stderr).toContain('there is no target constructor; see --help')
  })
})
