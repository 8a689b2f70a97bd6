// Addresses as text: of sockets, of clients to trace, and in X-Forwarded-For (SEC-12), compared with those that Node.js
// and its URL parser read. The first byte chooses what the rest is.

import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import { ClientAddresses } from '../../../src/adapters/inbound/client-address.ts'
import { IpAddress, readAddress } from '../../../src/adapters/protocol/address-text.ts'
import { readClientRange, writeAddress } from '../../../src/adapters/protocol/client-range-text.ts'
import { Family } from '../../../src/domain/announce.ts'
import { type FuzzTarget, hold, same, utf8, withControls } from '../target.ts'

const TRUSTED = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'] as const
const clients = new ClientAddresses(TRUSTED)
const trusted = new BlockList()
trusted.addAddress('127.0.0.1')
trusted.addSubnet('10.0.0.0', 8)
trusted.addSubnet('2001:db8::', 32, 'ipv6')

/** The canonical text, IPv4 if it is one in disguise; undefined for anything that is not an address. */
function canonical(text: string): string | undefined {
  if (text.includes('%')) return undefined
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return undefined
  const host = new URL(`http://[${text}]`).hostname.slice(1, -1)
  // In `64:ff9b::7` is the address 0.0.0.7.
  const inner = /^(?:::ffff:(?=.*:)|64:ff9b::)(?:([0-9a-f]+):)?([0-9a-f]+)?$/.exec(host)
  if (inner === null) return host
  const number = Number.parseInt(inner[1] ?? '0', 16) * 65_536 + Number.parseInt(inner[2] ?? '0', 16)
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.')
}

function checkAddress(text: string): void {
  const address = new IpAddress()
  const isRead = readAddress(text, 0, text.length, address)
  const wanted = canonical(text)
  same(isRead ? writeAddress(address) : undefined, wanted, 'address')
  hold(!isRead || isIP(writeAddress(address)) === (address.family === Family.IPv4 ? 4 : 6), 'its family')
}

function checkRange(text: string): void {
  const range = readClientRange(text)
  const isPrefix = text.endsWith('/64')
  const address = canonical(isPrefix ? text.slice(0, -3) : text)
  const isWanted = address !== undefined && !(isPrefix && isIPv4(address))
  same(range !== undefined, isWanted, 'a range is read')
  if (range === undefined) return
  same(readClientRange(range.text), range, 'a range is read back from its own text')
  hold(range.words.length === (isPrefix ? 2 : range.family === Family.IPv4 ? 1 : 4), 'words of a range')
}

function bare(element: string): string {
  const port = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/.exec(element)
  return port === null ? element : (port[1] ?? port[2] ?? '')
}

/** From the right: the first that is not trusted, or else the last that could be read. */
function forwardedFor(list: string): string | undefined {
  let client: string | undefined
  const elements = list.split(',').map((element) => element.trim())
  for (const element of elements.filter((one) => one !== '').reverse()) {
    const text = bare(element)
    const address = canonical(text)
    if (address === undefined) return client
    client = address
    if (!trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) return client
  }
  return client
}

function checkForwarded(list: string): void {
  const lines = list.split('\n')
  const rawHeaders = lines.flatMap((line) => ['X-Forwarded-For', line])
  const request = { socket: { remoteAddress: '127.0.0.1' }, rawHeaders } as unknown as IncomingMessage
  const client = clients.ofRequest(request)
  same(client && writeAddress(client), forwardedFor(lines.join(',')), 'client of a trusted proxy')
  const direct = { socket: { remoteAddress: '203.0.113.7' }, rawHeaders } as unknown as IncomingMessage
  const seen = clients.ofRequest(direct)
  same(seen && writeAddress(seen), '203.0.113.7', 'client without a trusted proxy')
}

function check(input: Uint8Array): void {
  const text = Buffer.from(input.subarray(1)).toString('latin1')
  if ((input[0] ?? 0) % 3 === 0) checkAddress(text)
  else if ((input[0] ?? 0) % 3 === 1) checkRange(utf8(input.subarray(1)))
  else checkForwarded(text)
}

export function openAddresses(): FuzzTarget {
  const texts = [
    ...['192.0.2.1', '2001:db8::1', '::', '::1', '::ffff:192.0.2.1', '64:ff9b::192.0.2.1', '1:2:3:4:5:6:7:8', '1::8'],
    ...[
      'fe80::1%eth0',
      '2001:db8:1:2::/64',
      '192.0.2.1/64',
      '1.2.3.4:80',
      '[2001:db8::1]:443',
      '256.1.1.1',
      '01.2.3.4',
    ],
    ...['6.6.6.6, 9.9.9.9', '9.9.9.9, 127.0.0.1', 'unknown', '8.8.8.8,, 10.1.2.3', '7.7.7.7\n10.0.0.1', '[::1]:70000'],
  ]
  return {
    seeds: texts.flatMap((text) => [0, 1, 2].map((kind) => withControls([kind], Buffer.from(text, 'latin1')))),
    dictionary: [
      '::',
      ':',
      '.',
      ',',
      ', ',
      '[',
      ']',
      ':80',
      '/64',
      '%',
      '0',
      'ffff',
      '64:ff9b::',
      '255',
      '\n',
      ' ',
      '\t',
    ],
    maxBytes: 300,
    check,
  }
}
