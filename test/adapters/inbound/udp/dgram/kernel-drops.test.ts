import { describe, expect, it } from '@jest/globals'
import { readDrops } from '../../../../../src/adapters/inbound/udp/dgram/kernel-drops.ts'

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  512: 0100007F:1B39 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12345 2 0000000000000000 17
  513: 00000000:1B39 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12346 2 0000000000000000 3
  900: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12347 2 0000000000000000 99
`

describe('the drops in a table of sockets', () => {
  it('are those of the sockets on the given ports', () => {
    expect(readDrops(TABLE, new Set([6969]))).toBe(20)
    expect(readDrops(TABLE, new Set([6969, 53]))).toBe(119)
  })

  it('are 0 for an empty table', () => {
    expect(readDrops('', new Set([6969]))).toBe(0)
  })
})
