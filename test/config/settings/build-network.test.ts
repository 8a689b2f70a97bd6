import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

function network(ranges: string) {
  return documentWith(`[network.ranges]\n${ranges}`)
}

async function rangesOf(text: string, env: Record<string, string> = {}) {
  return (await load(text, env)).settings.network.ranges
}

function many(count: number, write: (n: number) => string) {
  return Array.from({ length: count }, (_, n) => write(n))
}

describe('ranges of addresses', () => {
  it('are none by default', async () => {
    expect(await rangesOf(documentWith())).toEqual({})
    expect(await rangesOf(documentWith('[network]'))).toEqual({})
  })

  it('have names and networks; a single address is a network too', async () => {
    const text = network('office = ["10.8.0.0/16", "fd00:8::/32"]\n"a lab" = ["192.0.2.7", "0.0.0.0/8", "2001:db8::1"]')
    expect(await rangesOf(text)).toEqual({
      office: ['10.8.0.0/16', 'fd00:8::/32'],
      'a lab': ['192.0.2.7/32', '0.0.0.0/8', '2001:db8::1/128'],
    })
  })

  it('may be set by a variable', async () => {
    const env = { MUSTER_CONFIG_OVERRIDE_NETWORK__RANGES__OFFICE: '["10.8.0.0/16"]' }
    expect(await rangesOf(documentWith(), env)).toEqual({ office: ['10.8.0.0/16'] })
  })

  it('may be adjacent, and many', async () => {
    expect(await complaints(network('a = ["10.0.0.0/9"]\nb = ["10.128.0.0/9", "a00::/16"]'))).toEqual([])
    expect(await complaints(network(many(13, (n) => `r${n} = ["10.${n}.0.0/16"]`).join('\n')))).toEqual([])
    expect(await complaints(network(`a = [${many(64, (n) => `"10.${n}.0.0/16"`)}]`))).toEqual([])
  })

  const ALLOWED = 'must be an address or a network such as "10.0.0.0/8" or "fc00::/7"'
  it.each([
    ['a = ["10.8.0.1/16"]', '10:6', 'a.0', '"10.8.0.1/16" has bits beyond its prefix; the network is "10.8.0.0/16"'],
    ['a = ["10.8.0.0/12"]', '10:6', 'a.0', '"10.8.0.0/12" has bits beyond its prefix; the network is "10.0.0.0/12"'],
    ['a = ["fd00::1/64"]', '10:6', 'a.0', '"fd00::1/64" has bits beyond its prefix; the network is "fd00::/64"'],
    ['a = ["1.0.0.0/0"]', '10:6', 'a.0', '"1.0.0.0/0" has bits beyond its prefix; the network is "0.0.0.0/0"'],
    ['a = ["::ffff:10.0.0.0/104"]', '10:6', 'a.0', '"::ffff:10.0.0.0/104" is treated as IPv4; name the IPv4 network'],
    ['a = ["64:ff9b::/96"]', '10:6', 'a.0', '"64:ff9b::/96" is treated as IPv4; name the IPv4 network'],
    ['a = []', '10:5', 'a', 'is empty; a range needs at least one network'],
    ['a = ["10.0.0.0/33"]', '10:6', 'a.0', `${ALLOWED}; got "10.0.0.0/33"`],
    ['a = ["vpn"]', '10:6', 'a.0', `${ALLOWED}; got "vpn"`],
    ['a = ["fe80::%eth0/64"]', '10:6', 'a.0', `${ALLOWED}; got "fe80::%eth0/64"`],
    ['a = "10.0.0.0/8"', '10:5', 'a', 'must be an array; got "10.0.0.0/8"'],
    [
      'a = ["10.0.0.0/8"]\nb = ["172.16.0.0/12", "10.9.0.0/16"]',
      '11:23',
      'b.1',
      '"10.9.0.0/16" overlaps "10.0.0.0/8" of network.ranges.a.0',
    ],
    [
      'a = ["10.9.0.0/16"]\nb = ["10.0.0.0/8"]',
      '11:6',
      'b.0',
      '"10.0.0.0/8" overlaps "10.9.0.0/16" of network.ranges.a.0',
    ],
    [
      'a = ["10.9.0.0/16", "10.9.0.0/16"]',
      '10:21',
      'a.1',
      '"10.9.0.0/16" overlaps "10.9.0.0/16" of network.ranges.a.0',
    ],
    ['a = ["fd00::/8"]\nb = ["::/0"]', '11:6', 'b.0', '"::/0" overlaps "fd00::/8" of network.ranges.a.0'],
  ])('%s: %s %s', async (ranges, place, name, message) => {
    expect(await complaints(network(ranges))).toEqual([`tracker.toml:${place}: network.ranges.${name}: ${message}`])
  })

  it('are limited in number, and so are their networks', async () => {
    const ranges = many(14, (n) => `r${n} = ["10.${n}.0.0/16"]`).join('\n')
    expect(await complaints(network(ranges))).toEqual([
      'tracker.toml:9:2: network.ranges: has 14 ranges; the maximum is 13',
    ])
    const networks = many(65, (n) => `"10.${n}.0.0/16"`)
    expect(await complaints(network(`a = [${networks}]`))).toEqual([
      'tracker.toml:9:2: network.ranges: has 65 networks; the maximum is 64',
    ])
  })

  it('must be a table', async () => {
    expect(await complaints(documentWith('[network]\nranges = ["10.0.0.0/8"]'))).toEqual([
      'tracker.toml:10:10: network.ranges: must be a table of names and lists of networks; got an array',
    ])
  })
})
