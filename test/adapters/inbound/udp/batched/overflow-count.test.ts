import { describe, expect, it } from '@jest/globals'
import {
  OverflowCount,
  readOverflowsIPv4,
  readOverflowsIPv6,
} from '../../../../../src/adapters/inbound/udp/batched/overflow-count.ts'

const SNMP = `Icmp: InMsgs InErrors
Icmp: 4 1
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: 52 3 17 53 11 0 0 0 2
UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
UdpLite: 1 1 1 1 1 1 1 1 1
`
const SNMP6 = `Udp6InDatagrams                 	7
Udp6RcvbufErrors                	5
Udp6MemErrors                   	1
UdpLite6RcvbufErrors            	99
`

/** A count over a namespace whose totals are read one after the other. */
function over(...totals: readonly number[]): OverflowCount {
  const left = [...totals]
  const count = new OverflowCount(false, () => left.shift() ?? Number.NaN)
  count.begin()
  return count
}

describe('the overflows of a network namespace', () => {
  it('are full receive buffers and memory limits', () => {
    expect(readOverflowsIPv4(SNMP)).toBe(13)
    expect(readOverflowsIPv6(SNMP6)).toBe(6)
  })

  it('are unknown if the table does not tell', () => {
    expect(readOverflowsIPv4('')).toBeNaN()
    expect(readOverflowsIPv6('')).toBeNaN()
  })

  it.each([false, true])('can be read here (IPv6: %s)', (isIPv6) => {
    const count = new OverflowCount(isIPv6)
    count.begin()
    expect(count.among(0)).toBe(0)
  })
})

describe('the overflows among the drops of a socket', () => {
  it('are none if the namespace had none', () => {
    expect(over(40, 40).among(1000)).toBe(0)
  })

  it('are as many as the namespace had', () => {
    const count = over(40, 47, 47, 48)
    expect([count.among(1000), count.among(1000), count.among(1000)]).toEqual([7, 0, 1])
  })

  it('are never more than the drops', () => {
    expect(over(0, 500).among(20)).toBe(20)
  })

  it('may be counted by the namespace a little before the socket is read again', () => {
    const count = over(0, 3, 3, 3)
    expect([count.among(0), count.among(10), count.among(10)]).toEqual([0, 3, 0])
  })

  it('are all of them if the namespace does not tell', () => {
    expect(over().among(30)).toBe(30)
  })
})
