import { describe, expect, it } from '@jest/globals'
import { AnnounceRequest, Family } from '../../src/domain/announce.ts'
import { ExternalAddress } from '../../src/domain/external-address.ts'

const IPV4 = new ExternalAddress(Family.IPv4, Uint8Array.of(99, 1, 2, 3, 255))
const IPV6 = new ExternalAddress(Family.IPv6, new Uint8Array(16).fill(0x26))
const PORT = 'c8d5'

/** The endpoint of a request from `address`, in hex digits, after `external` has seen it. */
function listed(external: ExternalAddress, family: Family, address: string): string {
  const request = new AnnounceRequest()
  request.family = family
  const bytes = Buffer.from(request.endpoint.buffer)
  bytes.write(address + PORT, 'hex')
  external.replaceLoopback(request)
  expect(request.family).toBe(family)
  return bytes.toString('hex', 0, (address.length + PORT.length) / 2)
}

const ONE = `${'0'.repeat(31)}1`

describe('an external address', () => {
  it.each(['7f000001', '7f000000', '7fffffff'])('of IPv4 replaces %s and keeps the port', (address) => {
    expect(listed(IPV4, Family.IPv4, address)).toBe(`63010203${PORT}`)
  })

  it.each(['7effffff', '80000000', '0a000001', '63010204', '00000000'])('of IPv4 leaves %s', (address) => {
    expect(listed(IPV4, Family.IPv4, address)).toBe(address + PORT)
  })

  it('of IPv6 replaces ::1 and keeps the port', () => {
    expect(listed(IPV6, Family.IPv6, ONE)).toBe('26'.repeat(16) + PORT)
  })

  it.each([
    ['::', '0'.repeat(32)],
    ['::2', `${'0'.repeat(31)}2`],
    ['::1:1', `${'0'.repeat(24)}00010001`],
    ['1::1', `0001${'0'.repeat(27)}1`],
    ['fd00::1', `fd00${'0'.repeat(27)}1`],
    ['7f00:1::', `7f000001${'0'.repeat(24)}`],
  ])('of IPv6 leaves %s', (_, address) => {
    expect(listed(IPV6, Family.IPv6, address)).toBe(address + PORT)
  })

  it('leaves the other family', () => {
    expect(listed(IPV4, Family.IPv6, ONE)).toBe(ONE + PORT)
    expect(listed(IPV6, Family.IPv4, '7f000001')).toBe(`7f000001${PORT}`)
  })
})
