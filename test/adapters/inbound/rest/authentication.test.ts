import { describe, expect, it } from '@jest/globals'
import { bearerToken, TokenGate } from '../../../../src/adapters/inbound/rest/authentication.ts'
import { Counter } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { PlainCounters } from '../../../fakes/plain-counters.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'

const TOKENS = [
  { label: 'old', token: 'first-token-of-the-admin', scope: 'manage' },
  { label: 'new', token: 'second-token-of-the-admin', scope: 'manage' },
  { label: 'eyes', token: 'token-of-another-person', scope: 'read' },
] as const

function aGate() {
  const clock = new StoppedClock(1_700_000_000)
  const counters = new PlainCounters()
  return { gate: new TokenGate(TOKENS, clock, counters), clock, counters }
}

describe('the gate', () => {
  it('knows the scope of each token', () => {
    const { gate } = aGate()
    expect(TOKENS.map(({ token }) => gate.verify(token, '192.0.2.1'))).toEqual(['manage', 'manage', 'read'])
  })

  it.each([
    '',
    'f',
    'first-token-of-the-admiN',
    'first-token-of-the-admin ',
    'first-token-of-the-admin\0',
    'x'.repeat(10240),
  ])('refuses %j', (token) => expect(aGate().gate.verify(token, '192.0.2.1')).toBe('refused'))

  it('rejects every token when none is configured', () => {
    const gate = new TokenGate([], new StoppedClock(0), new PlainCounters())
    expect(gate.verify('', '192.0.2.1')).toBe('refused')
    expect(gate.verify(undefined, '192.0.2.1')).toBe('refused')
  })

  it('limits an address after ten wrong tokens for the rest of the minute, but never a right one', () => {
    const { gate, clock, counters } = aGate()
    for (let i = 0; i < 10; i++) expect(gate.verify('wrong', '192.0.2.1')).toBe('refused')
    clock.seconds += 20
    expect(gate.verify('wrong', '192.0.2.1')).toBe('limited')
    expect(TOKENS.map(({ token }) => gate.verify(token, '192.0.2.1'))).toEqual(['manage', 'manage', 'read'])
    expect(gate.verify(undefined, '192.0.2.1')).toBe('limited')
    expect(gate.retryAfterSeconds('192.0.2.1')).toBe(40)
    expect(gate.verify(TOKENS[0].token, '192.0.2.2')).toBe('manage')
    clock.seconds += 40
    expect(gate.verify(TOKENS[0].token, '192.0.2.1')).toBe('manage')
    expect(counters.total(Counter.rest_authentication_failures)).toBe(10)
  })

  it('accepts a right token at any rate of wrong ones, from however many addresses', () => {
    const { gate } = aGate()
    for (let i = 0; i < 10_000; i++) {
      gate.verify('wrong', `10.${i >> 12}.${(i >> 4) & 255}.1`)
      gate.verify('wrong', '192.0.2.1')
      expect(gate.verify(TOKENS[0].token, '192.0.2.1')).toBe('manage')
    }
    expect(gate.verify('wrong', '192.0.2.1')).toBe('limited')
  })

  it.each([86_400, -3600])('waits one minute even when the clock is set by %i s', (stepSeconds) => {
    const { gate, clock } = aGate()
    for (let i = 0; i < 10; i++) gate.verify('wrong', '192.0.2.1')
    clock.stepSeconds = stepSeconds
    clock.seconds += 59
    expect(gate.retryAfterSeconds('192.0.2.1')).toBe(1)
    expect(gate.verify('wrong', '192.0.2.1')).toBe('limited')
    clock.seconds += 1
    expect(gate.verify('wrong', '192.0.2.1')).toBe('refused')
  })

  it('does not count a missing token as a guess', () => {
    const { gate, counters } = aGate()
    for (let i = 0; i < 20; i++) expect(gate.verify(undefined, '192.0.2.1')).toBe('refused')
    expect(gate.verify(TOKENS[2].token, '192.0.2.1')).toBe('read')
    expect(counters.total(Counter.rest_authentication_failures)).toBe(20)
  })
})

describe('a bearer token', () => {
  it.each([
    [['Bearer abc'], 'abc'],
    [['bearer abc'], 'abc'],
    [['BEARER  abc'], 'abc'],
    [[], undefined],
    [['Bearer '], ''],
    [['Bearer'], ''],
    [['Basic YTpi'], ''],
    [['Bearer a b'], ''],
    [['Bearer abc '], ''],
    [['Bearer abc\0'], ''],
    [['Bearer abc\u00a0'], ''],
    [['Bearer abc', 'Bearer abc'], ''],
  ])('is read from %j', (headers, token) => {
    expect(bearerToken(headers)).toBe(token)
  })
})
