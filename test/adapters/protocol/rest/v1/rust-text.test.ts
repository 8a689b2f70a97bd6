import { describe, expect, it } from '@jest/globals'
import { debugText, MAX_U32, MAX_U64, readUnsigned } from '../../../../../src/adapters/protocol/rest/v1/rust-text.ts'

describe('debug text', () => {
  it.each([
    ['token not valid', '"token not valid"'],
    ['say "no"', '"say \\"no\\""'],
    ['C:\\data', '"C:\\\\data"'],
    ['a\tb\r\nc\0', '"a\\tb\\r\\nc\\0"'],
    ['\u001b[31m', '"\\u{1b}[31m"'],
    ['\u202egnp', '"\\u{202e}gnp"'],
    ['a\u00a0b', '"a\\u{a0}b"'],
    ['žluť', '"žluť"'],
  ])('writes %j as %s', (text, written) => {
    expect(debugText(text)).toBe(written)
  })
})

describe('unsigned numbers', () => {
  it.each([
    ['0', 0n],
    ['7200', 7200n],
    ['+5', 5n],
    ['0000000000000000000000000000007', 7n],
    ['18446744073709551615', MAX_U64],
  ])('reads %j', (text, number) => {
    expect(readUnsigned(text, MAX_U64)).toBe(number)
  })

  it.each([
    ['', 'cannot parse integer from empty string'],
    ['-1', 'invalid digit found in string'],
    ['1.1', 'invalid digit found in string'],
    [' 1', 'invalid digit found in string'],
    ['+', 'invalid digit found in string'],
    ['4294967296', 'number too large to fit in target type'],
    ['9'.repeat(10_000), 'number too large to fit in target type'],
  ])('reports why %.12j is invalid', (text, why) => {
    expect(readUnsigned(text, MAX_U32)).toBe(why)
  })
})
