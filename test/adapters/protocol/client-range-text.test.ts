import { describe, expect, it } from '@jest/globals'
import { readClientRange } from '../../../src/adapters/protocol/client-range-text.ts'

describe('the clients of a trace', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', 1],
    ['2001:DB8:0::1', '2001:db8::1', 4],
    ['2001:db8:1:2:3:4:5:6/64', '2001:db8:1:2::/64', 2],
    ['::ffff:192.0.2.1', '192.0.2.1', 1],
    ['64:ff9b::c000:201', '192.0.2.1', 1],
    ['::1', '::1', 4],
  ])('%s are %s', (text, written, words) => {
    const range = readClientRange(text)
    expect(range?.text).toBe(written)
    expect(range?.words).toHaveLength(words)
  })

  it.each([
    '',
    '/64',
    '192.0.2.0/24',
    '192.0.2.1/64',
    '::ffff:192.0.2.1/64',
    '2001:db8::/32',
    '2001:db8::1/128',
    '2001:db8::/64/64',
    'fe80::1%eth0',
    '[::1]',
    '192.0.2.1:6881',
    'tracker.example.org',
    ' 192.0.2.1',
  ])('cannot be %p', (text) => {
    expect(readClientRange(text)).toBeUndefined()
  })
})
