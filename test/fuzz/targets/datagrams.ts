// The UDP gate and handler (BEP 15, 41; SEC-01, SEC-24): for each datagram the reply is the one that the protocol
// chapter names, judged by an independent reading. The first two bytes choose policy, source and outcome.

import { ConnectionIds } from '../../../src/adapters/protocol/udp/connection-id.ts'
import { FAILURE_TEXT, Verdict } from '../../../src/domain/verdict.ts'
import { HandlerOnADesk } from '../../adapters/inbound/udp/a-handler.ts'
import {
  ANNOUNCE,
  ANNOUNCE_IPV6,
  ANNOUNCE_WITH_URL,
  anAnnounce,
  aScrape,
  CLIENT_IPV4,
  CLIENT_IPV6,
  CONNECT_REQUEST,
  KEY,
  NOW_SECONDS,
  PEER_A,
  PEER_IPV6,
  REPLIES,
  SCRAPE,
  URL_DATA,
} from '../../fixtures/udp-vectors.ts'
import { type FuzzTarget, hold, same, withControls } from '../target.ts'
import { readUrl, urlDataOf } from './announce-url.ts'

const Bit = { Validates: 1, AnswersMismatches: 2, ReadsKeys: 4, IPv6: 8, PortZero: 16, ValidId: 32, Wide: 64 } as const
const MAGIC = '0000041727101980'
const MAX_READ_BYTES = 2048
const VERDICTS = [Verdict.Served, Verdict.Full, Verdict.InvalidPort, Verdict.KeyRequired, Verdict.Unregistered]

const desks = new Map<number, HandlerOnADesk>()

function deskOf(controls: number): HandlerOnADesk {
  const policy = controls & (Bit.Validates | Bit.AnswersMismatches | Bit.ReadsKeys)
  let desk = desks.get(policy)
  if (desk === undefined) {
    desk = new HandlerOnADesk({
      policy: { validates: (policy & Bit.Validates) !== 0, answersMismatches: (policy & Bit.AnswersMismatches) !== 0 },
      announces: { readsKeys: (policy & Bit.ReadsKeys) !== 0 },
    })
    desk.tracker.repeats = true
    desks.set(policy, desk)
  }
  return desk
}

/** Every id that is valid for a client now: of 113 slots back, and of the next. */
function validIds(address: string): ReadonlySet<string> {
  const words = Buffer.from(address === CLIENT_IPV4 ? 'cb00710700000000' : '20010db800010002', 'hex')
  const ids = new ConnectionIds(KEY)
  return new Set(
    Array.from({ length: 115 }, (_, index) => {
      ids.setTime(NOW_SECONDS + 32 - 32 * index)
      ids.issue(address !== CLIENT_IPV4, words.readInt32LE(0), words.readInt32LE(4))
      const id = Buffer.alloc(8)
      id.writeInt32BE(ids.high)
      id.writeInt32BE(ids.low, 4)
      return id.toString('hex')
    }),
  )
}

const VALID: Readonly<Record<string, ReadonlySet<string>>> = {
  [CLIENT_IPV4]: validIds(CLIENT_IPV4),
  [CLIENT_IPV6]: validIds(CLIENT_IPV6),
}

/** An error with this text; silence where a reply would exceed the request or might be answered. */
type Expected = 'silence' | 'connect' | 'announce' | { readonly scraped: number } | { readonly error: string }

function expected(controls: number, datagram: Buffer, address: string): Expected {
  const { length } = datagram
  if (length < 16 || (controls & Bit.PortZero) !== 0) return 'silence'
  const action = datagram.readUInt32BE(8)
  const id = datagram.toString('hex', 0, 8)
  if (action === 0) return id === MAGIC ? 'connect' : 'silence'
  const validates = (controls & Bit.Validates) !== 0
  const isRequest = action === 1 || action === 2
  if (validates && !VALID[address]?.has(id)) {
    const answers = (controls & Bit.AnswersMismatches) !== 0 && isRequest && length >= 31
    return answers ? { error: 'Connection ID mismatch.' } : 'silence'
  }
  const refused = (error: string): Expected => (validates ? { error } : 'silence')
  if (action === 3) return 'silence'
  if (!isRequest) return refused('unknown action')
  if (action === 1) return length < 98 ? refused('malformed packet') : 'announce'
  const scraped = Math.min(Math.floor((length - 16) / 20), 74)
  return scraped === 0 ? refused('no info_hash') : { scraped }
}

function checkAnnounce(desk: HandlerOnADesk, controls: number, datagram: Buffer, reply: Buffer): void {
  const hex = datagram.toString('hex')
  const isIPv6 = (controls & Bit.IPv6) !== 0
  const stride = isIPv6 ? 18 : 6
  const [seen, ...others] = desk.tracker.announces
  hold(seen !== undefined && others.length === 0, 'the tracker hears of an announce once')
  same(seen.infoHash, hex.slice(32, 72), 'info hash')
  same(seen.peerId, hex.slice(72, 112), 'peer id')
  same(seen.figures, [hex.slice(112, 128), hex.slice(128, 144), hex.slice(144, 160)], 'byte counts')
  same(seen.key, datagram.readInt32BE(88), 'key')
  same(seen.port, datagram.readUInt16BE(96), 'port')
  const address = isIPv6 ? '20010db8000100020003000400050006' : 'cb007107'
  same(seen.endpoint, `${address}${hex.slice(192, 196)}`, 'the listed endpoint is the source and the port (SEC-10)')
  hold(seen.numwant <= (isIPv6 ? 67 : 200), 'no more peers are wanted than fit')
  const url = (controls & Bit.ReadsKeys) === 0 ? undefined : urlDataOf(datagram.toString('latin1', 98))
  same(seen.shownKey, keyInUrl(url), 'the key shown')
  const verdict = desk.tracker.verdict
  if (FAILURE_TEXT[verdict] !== '') {
    same(errorOf(reply), FAILURE_TEXT[verdict], 'error')
    return
  }
  same(reply.readUInt32BE(0), 1, 'action')
  const peers = verdict === Verdict.Served ? Math.max(seen.numwant, 0) : 0
  same(reply.length, 20 + stride * peers, 'length of the reply')
}

/** In the path only of an announce, which is what a datagram with a key is. */
function keyInUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const { route, key, query } = readUrl(url)
  return route === 'announce' ? key : readUrl(`/?${query}`).key
}

function errorOf(reply: Buffer): string | undefined {
  return reply.length >= 8 && reply.readUInt32BE(0) === 3 ? reply.toString('latin1', 8) : undefined
}

function check(input: Uint8Array): void {
  const controls = input[0] ?? 0
  const address = (controls & Bit.IPv6) === 0 ? CLIENT_IPV4 : CLIENT_IPV6
  const datagram = Buffer.from(input.subarray(2, 2 + MAX_READ_BYTES))
  if ((controls & Bit.ValidId) !== 0 && datagram.length >= 8) {
    datagram.write([...(VALID[address] ?? [])][(input[1] ?? 0) >> 3] ?? '', 'hex')
  }
  const desk = deskOf(controls)
  desk.tracker.announces.splice(0)
  desk.tracker.prefetches.splice(0)
  desk.tracker.verdict = VERDICTS[(input[1] ?? 0) & 7] ?? Verdict.Served
  desk.tracker.peers = [(controls & Bit.IPv6) === 0 ? PEER_A : PEER_IPV6]
  const reply = Buffer.from(desk.answer(datagram, address, (controls & Bit.PortZero) !== 0 ? 0 : 40000))
  const wanted = expected(controls, datagram, address)
  if (wanted === 'silence') {
    same(reply.length, 0, 'length of a reply where none may be')
    return
  }
  same(reply.toString('hex', 4, 8), datagram.toString('hex', 12, 16), 'transaction id')
  if (wanted === 'announce') {
    checkAnnounce(desk, controls, datagram, reply)
    return
  }
  same(desk.tracker.announces.length, 0, 'announces')
  if (wanted === 'connect') {
    same([reply.length, reply.readUInt32BE(0)], [16, 0], 'length and action of a connect reply')
    hold(VALID[address]?.has(reply.toString('hex', 8)) ?? false, 'a connect reply carries a valid id')
    return
  }
  if ('scraped' in wanted) {
    same([reply.readUInt32BE(0), reply.length], [2, 8 + 12 * wanted.scraped], 'scrape')
    return
  }
  same(errorOf(reply), wanted.error, 'error')
  const isUnproven = wanted.error === 'Connection ID mismatch.'
  hold(!isUnproven || reply.length <= datagram.length, 'no reply is longer than its request before proof (SEC-01)')
}

const VECTORS = [
  CONNECT_REQUEST,
  ANNOUNCE,
  ANNOUNCE_WITH_URL,
  ANNOUNCE_IPV6,
  SCRAPE,
  aScrape({ hashes: 'ab'.repeat(20 * 80) }),
  ...URL_DATA.map(({ options }) => anAnnounce({ options })),
  ...REPLIES,
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))

/** Every vector cut at each length from 0 to 200, and with bytes after its end, under several policies (SEC-25). */
function* cutVectors(): Generator<Uint8Array> {
  const policies = [0, 3, 7, 3 | Bit.IPv6, 7 | Bit.ValidId, 3 | Bit.PortZero]
  for (const vector of VECTORS) {
    for (const controls of policies) {
      for (let length = 0; length <= Math.min(vector.length, 200); length++) {
        yield withControls([controls, 0], vector.subarray(0, length))
      }
      for (const extra of [1, 19, 20, 300, 2048]) {
        yield withControls([controls, 0], Buffer.concat([vector, Buffer.alloc(extra, 0x41)]))
      }
    }
  }
}

export function openDatagrams(): FuzzTarget {
  return {
    seeds: VECTORS.flatMap((vector) =>
      [3, 7 | Bit.ValidId, 11 | Bit.ValidId].map((one) => withControls([one, 0], vector)),
    ),
    always: cutVectors(),
    dictionary: ['/announce', '/scrape', '?passkey=', '%41', `/${'k'.repeat(32)}/announce`, '\x02\x09', '\x01', '\xff'],
    maxBytes: MAX_READ_BYTES + 100,
    check,
  }
}
