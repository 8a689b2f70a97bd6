// Replies of trackers, as this program's client reads them: strictly, so that whatever is accepted has one spelling, or
// leniently, so that whatever is tolerated is noted; datagrams are read or rejected.

import { Deviations } from '../../../src/adapters/protocol/deviations.ts'
import { type Bencoded, readBencoded } from '../../../src/adapters/protocol/http/bencode-reader.ts'
import { type HttpAnnounceReply, readHttpAnnounceReply } from '../../../src/adapters/protocol/http/reply-reader.ts'
import { readHttpScrapeReply } from '../../../src/adapters/protocol/http/scrape-reply-reader.ts'
import { readAnnounceReply } from '../../../src/adapters/protocol/udp/announce.ts'
import { readConnectReply } from '../../../src/adapters/protocol/udp/connect.ts'
import { readErrorReply } from '../../../src/adapters/protocol/udp/error.ts'
import { readScrapeReply } from '../../../src/adapters/protocol/udp/scrape.ts'
import { Family } from '../../../src/domain/announce.ts'
import { REPLY } from '../../fixtures/http-vectors.ts'
import { REPLIES } from '../../fixtures/udp-vectors.ts'
import { type FuzzTarget, hold, latin1 } from '../target.ts'

function spelled(value: Bencoded): string {
  if (typeof value === 'number') return `i${value}e`
  if (value instanceof Uint8Array) return text(value)
  if (value instanceof Map) return `d${[...value].map(([key, item]) => text(latin1(key)) + spelled(item)).join('')}e`
  return `l${(value as readonly Bencoded[]).map(spelled).join('')}e`
}

function text(bytes: Uint8Array): string {
  return `${bytes.length}:${Buffer.from(bytes).toString('latin1')}`
}

function check(input: Uint8Array): void {
  const value = readBencoded(input)
  if (value !== undefined) {
    hold(spelled(value) === Buffer.from(input).toString('latin1'), 'an accepted text is the only spelling of its value')
  }
  const reply = readHttpAnnounceReply(input)
  hold(reply === undefined || value !== undefined, 'a reply is read only from valid bencoding')
  checkLenient(input, value, reply)
  const wire = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const rows = readScrapeReply(wire)?.rows ?? []
  hold(rows.length * 12 + 8 <= Math.max(input.length, 8), 'a scrape has no more rows than bytes for them')
  const readings = [
    readConnectReply(wire),
    readErrorReply(wire),
    readAnnounceReply(wire, Family.IPv4) ?? readAnnounceReply(wire, Family.IPv6),
  ]
  hold(readings.filter((one) => one !== undefined).length <= 1, 'a datagram is one kind of reply at most')
}

/** What is strictly right is read in the same way; what is not has a deviation. */
function checkLenient(input: Uint8Array, value: Bencoded | undefined, reply: HttpAnnounceReply | undefined): void {
  const deviations = new Deviations()
  const tolerated = readBencoded(input, deviations)
  if (value !== undefined) {
    hold(
      tolerated !== undefined && spelled(tolerated) === spelled(value),
      'a valid value is read as the strict reader does',
    )
    hold(deviations.list.length === 0, 'a valid value has no deviation')
  } else hold(tolerated === undefined || deviations.list.length > 0, 'what is tolerated is noted')
  const lenientReply = readHttpAnnounceReply(input, deviations)
  hold(reply === undefined || lenientReply?.peers.length === reply.peers.length, 'a valid reply has the same peers')
  hold(lenientReply === undefined || tolerated instanceof Map, 'a reply is read only from a dictionary')
  const scrape = readHttpScrapeReply(input, deviations)
  for (const infoHash of scrape?.files.keys() ?? []) hold(/^[0-9a-f]{40}$/.test(infoHash), 'files have info hashes')
}

export function openBencode(): FuzzTarget {
  const bencoded = Object.values(REPLY).filter((reply) => reply instanceof Uint8Array)
  return {
    seeds: [
      ...bencoded.map((reply) => new Uint8Array(reply)),
      ...REPLIES.map((hex) => new Uint8Array(Buffer.from(hex, 'hex'))),
    ],
    always: [latin1(`d300000:${'k'.repeat(300_000)}i1ee`), latin1('l'.repeat(300_000)), latin1('d'.repeat(300_000))],
    dictionary: [
      'd',
      'l',
      'e',
      'i0e',
      'i-1e',
      '0:',
      '1:a',
      '5:peers',
      '8:interval',
      '14:failure reason',
      ':',
      '-',
      '00',
    ],
    maxBytes: 4096,
    check,
  }
}
