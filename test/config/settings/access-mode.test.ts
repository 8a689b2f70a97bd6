import { describe, expect, it } from '@jest/globals'
import { describeAccess } from '../../../src/config/settings/access-mode.ts'

describe('the access mode in words', () => {
  it.each([
    [false, false, 'public: any torrent, for any client (core.listed and core.private are false)'],
    [true, false, 'listed: torrents on the whitelist, for any client'],
    [false, true, 'private: any torrent, for clients with a key'],
    [true, true, 'private and listed: torrents on the whitelist, for clients with a key'],
  ])('with listed %s and private %s', (isListed, isPrivate, words) => {
    expect(describeAccess({ isListed, isPrivate })).toBe(words)
  })
})
