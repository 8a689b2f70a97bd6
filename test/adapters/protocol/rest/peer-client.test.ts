import { describe, expect, it } from '@jest/globals'
import { clientName } from '../../../../src/adapters/protocol/rest/peer-client.ts'

function id(start: string): Uint8Array {
  return Buffer.from(start.padEnd(20, 'x'), 'latin1')
}

describe('the client of a peer id', () => {
  it.each([
    ['-qB5010-', 'qBittorrent'],
    ['-TR4060-', 'Transmission'],
    ['-TR410Z-', 'Transmission'],
    ['-LT20C0-', 'libtorrent'],
    ['-lt0D80-', 'rTorrent'],
    ['-DE211s-', 'Deluge'],
    ['-UT355W-', 'µTorrent'],
    ['-WW0213-', 'WebTorrent'],
    ['-BI3300-', 'BiglyBT'],
    ['S58B-----', 'Shadow'],
    ['T03I----', 'BitTornado'],
    ['M7-10-5--', 'BitTorrent'],
    ['M4-3-6--', 'BitTorrent'],
    ['A2-1-37-0-', 'aria2'],
    ['-RC3000-', 'Torrust tracker client'],
  ])('%s is %s', (start, name) => {
    expect(clientName(id(start))).toBe(name)
  })

  it.each(['-ZZ1000-', '-__proto__', '-qB5010x', 'exbc', '', '\0\0\0\0', 'S-looks-odd'])('%j is unknown', (start) => {
    expect(clientName(id(start))).toBeNull()
  })

  it('accepts any bytes of any length', () => {
    for (let length = 0; length < 20; length++) expect(clientName(new Uint8Array(length).fill(0x2d))).toBeNull()
  })
})
