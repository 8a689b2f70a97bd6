// The address that a peer is listed with where the operator allows another one than that of its announce: the external
// address of a listener, and the `ip` parameter of HTTP (SEC-11).

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { ask } from './http-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const EXTERNAL = '99.1.2.3'
const EXTERNAL_IPV6 = '2600::7'

const PROXIED = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8"]
`

/**
 * The peers that a client at `from` gets over the last HTTP listener, which is behind a proxy. It uses a port that is
 * never handed out.
 */
async function peersSeenFrom(tracker: TrackerProcess, infoHash: Buffer, from: string): Promise<string[]> {
  const target = announceTarget(infoHash, { peer_id: 'requester'.padEnd(20, '-'), port: '999', event: 'started' })
  const reply = await ask(tracker.http.at(-1) ?? '', target, [`X-Forwarded-For: ${from}`])
  const of = (key: string, stride: 6 | 18) => compactPeers(Buffer.from(String(reply.get(key) ?? ''), 'latin1'), stride)
  return [...of('peers', 6), ...of('peers6', 18)]
}

describe.each(DRIVERS)('with an external address and the %s driver', (driver) => {
  const MORE = `
[[udp_trackers]]
bind_address = "127.0.0.1:0"
[udp_trackers.network]
external_ip = "${EXTERNAL}"
[[udp_trackers]]
bind_address = "[::1]:0"
[udp_trackers.network]
external_ip = "${EXTERNAL_IPV6}"
[[udp_trackers]]
bind_address = "[::1]:0"
[udp_trackers.network]
external_ip = "${EXTERNAL}"
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
external_ip = "${EXTERNAL}"
${PROXIED}`
  let tracker: TrackerProcess

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ driver, more: MORE }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  async function announceOverUdp(listener: number, infoHash: Buffer, event = 2): Promise<void> {
    const client = await UdpClient.open(tracker.udp[listener] ?? '')
    // 8.8.8.8 in the datagram's own field is ignored.
    await client.announce({ infoHash, ip: 0x08080808, event })
    client.close()
  }

  it.each([
    { over: 'IPv4', listener: 0, address: `${EXTERNAL}:51413` },
    { over: 'IPv6', listener: 1, address: `[${EXTERNAL_IPV6}]:51413` },
  ])('a UDP client of this machine is handed out with it: $over', async ({ listener, address }) => {
    const infoHash = anInfoHash()
    await announceOverUdp(listener, infoHash)
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([address])
    await announceOverUdp(listener, infoHash, 3)
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([])
  })

  it('of the other family has no effect', async () => {
    const infoHash = anInfoHash()
    await announceOverUdp(2, infoHash)
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([])
    expect(await peersSeenFrom(tracker, infoHash, '10.9.9.9')).toEqual(['[::1]:51413'])
  })

  it('an HTTP client of this machine is handed out with it, and is told so', async () => {
    const infoHash = anInfoHash()
    const reply = await ask(tracker.http[0] ?? '', announceTarget(infoHash))
    expect(Buffer.from(String(reply.get('external ip')), 'latin1')).toEqual(Buffer.of(99, 1, 2, 3))
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([`${EXTERNAL}:51413`])
  })

  it('the loopback address stays at a listener without one', async () => {
    const infoHash = anInfoHash()
    await ask(tracker.http[1] ?? '', announceTarget(infoHash), ['X-Forwarded-For: 127.0.0.1'])
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([])
    expect(await peersSeenFrom(tracker, infoHash, '10.9.9.9')).toEqual(['127.0.0.1:51413'])
  })
})

describe('with the `ip` parameter honoured', () => {
  const MORE = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
use_ip_from_query_string = true
[[http_trackers]]
bind_address = "127.0.0.1:0"
${PROXIED.replace('[http_trackers.network]', 'use_ip_from_query_string = true\n[http_trackers.network]')}`
  const PROXY = 2
  const IGNORING = 1
  let tracker: TrackerProcess

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ more: MORE }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  async function publicPeers(listener: number, ip: string, from?: string): Promise<string[]> {
    const infoHash = anInfoHash()
    const headers = from === undefined ? [] : [`X-Forwarded-For: ${from}`]
    await ask(tracker.http[listener] ?? '', announceTarget(infoHash, { ip }), headers)
    return peersSeenFrom(tracker, infoHash, '99.9.9.9')
  }

  it.each([
    ['8.8.8.8', '8.8.8.8:51413'],
    ['2600::5', '[2600::5]:51413'],
    ['2600%3A%3A5', '[2600::5]:51413'],
  ])('lists a client of this machine at %s', async (ip, peer) => {
    expect(await publicPeers(0, ip)).toEqual([peer])
  })

  it.each([
    '10.0.0.1',
    '127.0.0.2',
    'fd00::1',
    'tracker.example.org',
    'None',
    '',
    '8.8.8.8:6881',
    '[2600::5]',
    '8.8.8',
  ])('leaves a client of this machine at its own address for ip=%s', async (ip) => {
    expect(await publicPeers(0, ip)).toEqual([])
  })

  it.each([
    ['10.1.1.1', '8.8.8.8', '8.8.8.8:51413'],
    ['192.168.7.7', '8.8.8.8', '8.8.8.8:51413'],
    ['fd00::1', '2600::5', '[2600::5]:51413'],
    ['99.1.1.1', '8.8.8.8', '99.1.1.1:51413'],
    ['2600::1', '8.8.8.8', '[2600::1]:51413'],
    ['6.6.6.6, 99.1.1.1', '8.8.8.8', '99.1.1.1:51413'],
    ['10.1.1.1, 99.1.1.1', '8.8.8.8', '99.1.1.1:51413'],
  ])('a client that a trusted proxy reports at %s and that names %s is listed at %s', async (from, ip, peer) => {
    expect(await publicPeers(PROXY, ip, from)).toEqual([peer])
  })

  it('ignores it at a listener without the option', async () => {
    expect(await publicPeers(IGNORING, '8.8.8.8')).toEqual([])
  })

  it('keeps refusing port 0 and hiding the ports of services', async () => {
    const infoHash = anInfoHash()
    const listener = tracker.http[0] ?? ''
    const zero = await ask(listener, announceTarget(infoHash, { ip: '8.8.8.8', port: '0' }))
    expect(zero.get('failure reason')).toBe('invalid port')
    const ssh = await ask(listener, announceTarget(infoHash, { ip: '8.8.8.8', port: '22' }))
    expect(ssh.get('warning message')).toContain('port 22')
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([])
  })

  it('changes the entry of that address when the client stops', async () => {
    const infoHash = anInfoHash()
    const listener = tracker.http[0] ?? ''
    await ask(listener, announceTarget(infoHash, { ip: '8.8.8.8' }))
    await ask(listener, announceTarget(infoHash, { ip: '8.8.8.8', event: 'stopped' }))
    expect(await peersSeenFrom(tracker, infoHash, '99.9.9.9')).toEqual([])
  })
})
