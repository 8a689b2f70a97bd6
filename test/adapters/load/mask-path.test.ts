import { describe, expect, it } from '@jest/globals'
import { maskPath } from '../../../src/adapters/load/mask-path.ts'

describe('what a tracker has said', () => {
  it('does not show the key of the announce URL', () => {
    expect(maskPath('no key abcdefgh12 at /abcdefgh12/announce', '/abcdefgh12/announce?x=1')).toBe(
      'no key *** at /***/announce',
    )
    expect(maskPath('no a1b2c at /a1b2c/announce', '/a1b2c/announce')).toBe('no *** at /***/announce')
    expect(maskPath('no k%65y1 or key1', '/k%65y1/announce')).toBe('no *** or ***')
    expect(maskPath('no abcdefg.hijklmn', '/announce.php?abcdefg.hijklmn')).toBe('no ***')
    expect(maskPath('passkey 1234567890 is unknown', '/announce?passkey=1234567890')).toBe('passkey *** is unknown')
  })

  it('is shown otherwise', () => {
    expect(maskPath('cannot announce here', '/announce')).toBe('cannot announce here')
    expect(maskPath('', '')).toBe('')
  })

  it('masks short keys, other spellings, and a key that is cut off', () => {
    expect(maskPath('k3y is bad', '/k3y/announce')).toBe('*** is bad')
    expect(maskPath('no user a b+c', '/announce?user=a%20b%2Bc')).toBe('no user ***')
    expect(maskPath('not found: /0123456789ab', '/0123456789abcdef/announce')).toBe('not found: /***')
    expect(maskPath('bad KEYVALUE', '/announce?KEYVALUE')).toBe('bad ***')
    expect(maskPath('100% of %zz', '/%zz/announce')).toBe('100% of ***')
  })
})
