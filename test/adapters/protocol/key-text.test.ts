import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readPasskey, readPathKey } from '../../../src/adapters/protocol/key-text.ts'
import { Credentials } from '../../../src/domain/access-key.ts'

const KEY = '0123456789abcdefGHIJKLMNOPQRSTuv'
const OTHER = 'z'.repeat(32)

function read(how: typeof readPathKey, text: string, credentials = new Credentials()): Credentials {
  const bytes = Buffer.from(`${OTHER}${text}${OTHER}`, 'latin1')
  how(bytes, OTHER.length, OTHER.length + text.length, credentials)
  return credentials
}

function shownBy({ isPresent, bytes }: Credentials) {
  return isPresent ? Buffer.from(bytes).toString('latin1') : undefined
}

describe.each([
  { place: 'path', how: readPathKey },
  { place: 'query', how: readPasskey },
])('a key in the $place', ({ how }) => {
  it('is read from plain and from escaped characters', () => {
    expect(shownBy(read(how, KEY))).toBe(KEY)
    expect(shownBy(read(how, `%30${KEY.slice(1)}`))).toBe(KEY)
    expect(shownBy(read(how, `${KEY.slice(0, -1)}%76`))).toBe(KEY)
  })

  it.each([
    '',
    KEY.slice(1),
    `${KEY}0`,
    `${KEY.slice(1)}%2f`,
    `${KEY.slice(1)}%`,
    `${KEY.slice(1)}+`,
    `${KEY.slice(1)}@`,
    `${KEY.slice(1)}[`,
    `${KEY.slice(1)}\``,
    `${KEY.slice(1)}{`,
    `${KEY.slice(1)}:`,
    `${KEY.slice(1)}\xe9`,
    `${KEY.slice(1)}%00`,
  ])('is rejected if it is %p', (text) => {
    expect(shownBy(read(how, text))).toBeUndefined()
  })

  it('has 32 letters and digits, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', minLength: 28, maxLength: 100 }), (text) => {
        expect(shownBy(read(how, text)) ?? KEY).toMatch(/^[0-9A-Za-z]{32}$/)
      }),
    )
  })
})

describe('two keys', () => {
  it('in the query: the last one counts, if it is valid', () => {
    expect(shownBy(read(readPasskey, OTHER, read(readPasskey, KEY)))).toBe(OTHER)
    expect(shownBy(read(readPasskey, 'short', read(readPasskey, KEY)))).toBeUndefined()
  })

  it('in query and path: the one in the path counts, if it is valid', () => {
    expect(shownBy(read(readPathKey, OTHER, read(readPasskey, KEY)))).toBe(OTHER)
    expect(shownBy(read(readPathKey, OTHER.slice(1), read(readPasskey, KEY)))).toBe(KEY)
  })
})
