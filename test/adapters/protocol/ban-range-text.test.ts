import { describe, expect, it } from '@jest/globals'
import { readBanRange } from '../../../src/adapters/protocol/ban-range-text.ts'

function rangeOf(text: string) {
  const reading = readBanRange(text)
  return 'range' in reading ? [reading.range.text, [...reading.range.bytes], reading.range.prefixBits] : reading.problem
}

describe('the addresses of a ban', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', [192, 0, 2, 1], 32],
    ['192.0.2.1/32', '192.0.2.1', [192, 0, 2, 1], 32],
    ['192.0.2.0/24', '192.0.2.0/24', [192, 0, 2, 0], 24],
    ['192.0.2.128/25', '192.0.2.128/25', [192, 0, 2, 128], 25],
    ['11.0.0.0/8', '11.0.0.0/8', [11, 0, 0, 0], 8],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24', [192, 0, 2, 0], 24],
    ['::ffff:192.0.2.1', '192.0.2.1', [192, 0, 2, 1], 32],
    ['2001:DB8::/32', '2001:db8::/32', [0x20, 1, 0xd, 0xb8, ...Array(12).fill(0)], 32],
    ['2001:db8::1/128', '2001:db8::1', [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1], 128],
    ['2001::/16', '2001::/16', [0x20, 1, ...Array(14).fill(0)], 16],
  ])('%s', (text, canonical, bytes, prefixBits) => {
    expect(rangeOf(text)).toEqual([canonical, bytes, prefixBits])
  })

  it.each([
    ['', /must be an IP address/],
    ['192.0.2', /must be an IP address/],
    ['example.org', /must be an IP address/],
    ['192.0.2.0/', /from 0 to 32/],
    ['192.0.2.0/33', /from 0 to 32/],
    ['192.0.2.0/-1', /from 0 to 32/],
    ['192.0.2.0/24x', /from 0 to 32/],
    ['2001:db8::/129', /from 0 to 128/],
    ['::ffff:192.0.2.0/95', /from 0 to 32/],
    ['10.0.0.0/7', /too wide: \/8 at most/],
    ['0.0.0.0/0', /too wide/],
    ['2000::/15', /too wide: \/16 at most/],
    ['192.0.2.1/24', /write 192\.0\.2\.0\/24 for the network/],
    ['2001:db8::1/64', /write 2001:db8::\/64 for the network/],
  ])('are refused: %s', (text, problem) => {
    expect(rangeOf(text)).toMatch(problem)
  })
})
