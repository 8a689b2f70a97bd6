// Every range of protocol rule SEC-14, at both of its ends and just beyond them.

import { describe, expect, it } from '@jest/globals'
import { AddressKind, addressKind, ipv4Kind, ipv6Kind, isLoopbackAddress } from '../../src/domain/address.ts'
import { Family } from '../../src/domain/announce.ts'

const { Global, Private, Unlisted, Unusable, Overlay } = AddressKind
const NAMES = ['global', 'private', 'unlisted', 'unusable', 'overlay']

function ipv4(text: string): Uint16Array {
  const halfwords = new Uint16Array(9)
  new Uint8Array(halfwords.buffer).set(text.split('.').map(Number))
  return halfwords
}

/** An IPv6 address from its text; `::` is expanded. */
function ipv6(text: string): Uint16Array {
  const [front, back] = text.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const missing = back === undefined ? 0 : 8 - front.length - back.length
  const groups = [...front, ...new Array(missing).fill('0'), ...(back ?? [])].map((group) => Number.parseInt(group, 16))
  const halfwords = new Uint16Array(9)
  const view = new DataView(halfwords.buffer)
  groups.forEach((group, i) => {
    view.setUint16(2 * i, group)
  })
  return halfwords
}

const IPV4: readonly (readonly [AddressKind, ...string[]])[] = [
  [Unusable, '0.0.0.0', '0.0.0.1', '0.255.255.255'],
  [Global, '1.0.0.0', '9.255.255.255'],
  [Private, '10.0.0.0', '10.255.255.255'],
  [Global, '11.0.0.0', '100.63.255.255'],
  [Private, '100.64.0.0', '100.127.255.255'],
  [Global, '100.128.0.0', '126.255.255.255'],
  [Private, '127.0.0.0', '127.0.0.1', '127.255.255.255'],
  [Global, '128.0.0.0', '169.253.255.255'],
  [Private, '169.254.0.0', '169.254.255.255'],
  [Global, '169.255.0.0', '172.15.255.255'],
  [Private, '172.16.0.0', '172.31.255.255'],
  [Global, '172.32.0.0', '191.255.255.255'],
  [Unlisted, '192.0.0.0', '192.0.0.255'],
  [Global, '192.0.1.0', '192.0.1.255'],
  [Unlisted, '192.0.2.0', '192.0.2.255'],
  [Global, '192.0.3.0', '192.167.255.255'],
  [Private, '192.168.0.0', '192.168.255.255'],
  [Global, '192.169.0.0', '198.17.255.255'],
  [Unlisted, '198.18.0.0', '198.19.255.255'],
  [Global, '198.20.0.0', '198.51.99.255'],
  [Unlisted, '198.51.100.0', '198.51.100.255'],
  [Global, '198.51.101.0', '203.0.112.255'],
  [Unlisted, '203.0.113.0', '203.0.113.255'],
  [Global, '203.0.114.0', '203.1.113.0', '223.255.255.255'],
  [Unusable, '224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.254', '255.255.255.255'],
]

const LAST = 'ffff:ffff:ffff:ffff:ffff:ffff'
const IPV6: readonly (readonly [AddressKind, ...string[]])[] = [
  [Unusable, '::'],
  [Private, '::1'],
  [Unlisted, '::2', '::1:0', '::100', '0:0:0:0:0:0:1:1', '64:ff9b:1::', '100::', '100::1'],
  [Unlisted, `1ff:ffff:${LAST}`, '400::', '1fff::1'],
  [Overlay, '200::', '200::1', `2ff:ffff:${LAST}`, '300::', '301:2:3::4', `3ff:ffff:${LAST}`],
  [Global, '2000::', `2000:ffff:${LAST}`, '2001:1::', '2001:db7::1', '2001:db9::', '2002::1', `3fff:ffff:${LAST}`],
  [Unlisted, '2001::', `2001:0:${LAST}`, '2001:db8::', `2001:db8:${LAST}`],
  [Unlisted, '4000::', `fbff:ffff:${LAST}`],
  [Private, 'fc00::', `fdff:ffff:${LAST}`],
  [Unlisted, 'fe00::', `fe7f:ffff:${LAST}`],
  [Private, 'fe80::', `febf:ffff:${LAST}`, 'fec0::', `feff:ffff:${LAST}`],
  [Unusable, 'ff00::', 'ff02::1', `ffff:ffff:${LAST}`],
]

function rows(table: typeof IPV4) {
  return table.flatMap(([kind, ...texts]) => texts.map((text) => [text, NAMES[kind]] as const))
}

describe('an address', () => {
  it.each(rows(IPV4))('%s is %s', (text, name) => {
    expect(NAMES[ipv4Kind(ipv4(text))]).toBe(name)
  })

  it.each(rows(IPV6))('%s is %s', (text, name) => {
    expect(NAMES[ipv6Kind(ipv6(text))]).toBe(name)
  })

  it('is judged by its own halfwords alone, not by the port behind them', () => {
    for (const port of [0, 1, 0xffff]) {
      const v4 = ipv4('192.0.2.1')
      v4.fill(port, 2)
      const v6 = ipv6('::1')
      v6[8] = port
      expect([ipv4Kind(v4), ipv6Kind(v6)]).toEqual([Unlisted, Private])
    }
  })
})

describe('an address of either family', () => {
  it('has the kind that its family gives it', () => {
    expect(addressKind(Family.IPv4, ipv4('10.0.0.1'))).toBe(Private)
    expect(addressKind(Family.IPv6, ipv6('200::1'))).toBe(Overlay)
    expect(addressKind(Family.IPv6, ipv6('2600::1'))).toBe(Global)
  })

  it('is a loopback address or not', () => {
    const are = (addresses: readonly string[]) =>
      addresses.map((text) =>
        text.includes(':') ? isLoopbackAddress(Family.IPv6, ipv6(text)) : isLoopbackAddress(Family.IPv4, ipv4(text)),
      )
    expect(are(['127.0.0.0', '127.0.0.1', '127.255.255.255', '::1'])).toEqual([true, true, true, true])
    expect(are(['126.255.255.255', '128.0.0.0', '10.0.0.1', '::', '::2', 'fe80::1', '7f00::1'])).toEqual(
      Array(7).fill(false),
    )
  })
})
