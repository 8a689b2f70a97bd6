import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { ATTACKS } from './attacks.ts'

const NATIVE = new URL('../native/', import.meta.url)

describe('the attacks of the soak', () => {
  it('have names of their own', () => {
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length)
  })

  it.each(['crowd-tally.h', 'http-crowd.c'])('are no more than the phases that %s counts', (file) => {
    const [, phases] = /MAX_PHASES = (\d+)/.exec(readFileSync(new URL(file, NATIVE), 'utf8')) ?? []
    // An attack and the calm after it begin a phase each, and so does what comes after either.
    expect(Number(phases)).toBeGreaterThan(4 * (ATTACKS.length + 1))
  })
})
