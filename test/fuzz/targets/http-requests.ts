// Announces and scrapes over HTTP (HTTP-01 to HTTP-46): target, path, percent escapes and query, judged by an
// independent reading. Replies are valid bencoding, and failures say nothing that was sent (SEC-24).

import { AnnounceEndpoint } from '../../../src/adapters/inbound/http/announce-endpoint.ts'
import { IpAddress } from '../../../src/adapters/protocol/address-text.ts'
import { Route } from '../../../src/adapters/protocol/announce-path.ts'
import { readBencoded } from '../../../src/adapters/protocol/http/bencode-reader.ts'
import { FakeCounters, FakeTracker } from '../../adapters/inbound/http/fake-tracker.ts'
import { announceTarget, scrapeTarget } from '../../fixtures/announce-targets.ts'
import { ANNOUNCE_QUERY, AWKWARD_INFO_HASH, INFO_HASH, NEWTRACKON_TARGET } from '../../fixtures/http-vectors.ts'
import { type FuzzTarget, hold, latin1, same } from '../target.ts'
import { pairsOf, readUrl, unescaped } from './announce-url.ts'

const MAX_TARGET_BYTES = 8192
const MAX_HASHES = 74
const CLIENT = new IpAddress()
CLIENT.bytes.set([203, 0, 113, 7])

const tracker = new FakeTracker()
const options = {
  replies: {
    intervalSeconds: 1800,
    jitterSeconds: 360,
    minIntervalSeconds: 900,
    defaultPeersPerAnnounce: 50,
    maxPeersPerAnnounce: 200,
    sendsExternalAddress: true,
    sendsDownloaders: true,
  },
  externalAddress: undefined,
  ipParameter: undefined,
  maxTargetBytes: MAX_TARGET_BYTES,
}
const endpoint = new AnnounceEndpoint(tracker, new FakeCounters(), options, () => 0.5)

/** The failure reason, or the request as it must be read; undefined for status 400. */
function readAnnounce(query: string): string | { readonly infoHash: string; readonly peerId: string } | undefined {
  const pairs = pairsOf(query)
  if (pairs === undefined) return undefined
  const hashes = pairs.filter(([name]) => name === 'info_hash')
  const peerId = pairs.filter(([name]) => name === 'peer_id').at(-1)?.[1]
  const infoHash = unescaped(hashes[0]?.[1] ?? '')
  if (hashes.length === 0) return 'missing info_hash'
  if (hashes.length > 1) return 'multiple info_hash'
  if (infoHash?.length !== 20) return 'invalid info_hash'
  if (peerId === undefined) return 'missing peer_id'
  const id = unescaped(peerId)
  if (id?.length !== 20) return 'invalid peer_id'
  // Malformed values are ignored, and of several the last counts.
  const value = (wanted: string) =>
    pairs.flatMap(([name, text]) => (name === wanted ? [unescaped(text) ?? []].flat() : [])).at(-1) ?? ''
  const port = value('port')
  const isPort = /^\d{1,20}$/.test(port) && Number(port) > 0 && Number(port) < 65_536
  const isStopped = /^stopped$/i.test(value('event'))
  if (!isPort && !isStopped) return 'invalid port'
  return { infoHash: Buffer.from(infoHash, 'latin1').toString('hex'), peerId: id }
}

/** The failure reason, or the hashes that the reply must have; undefined for status 400. */
function readScrape(query: string): string | readonly string[] | undefined {
  const pairs = pairsOf(query)
  if (pairs === undefined) return undefined
  const hashes = new Set<string>()
  let isMalformed = false
  for (const [name, value] of pairs) {
    if (name !== 'info_hash' || hashes.size === MAX_HASHES) continue
    const hash = unescaped(value)
    if (hash?.length === 20) hashes.add(hash)
    else isMalformed = true
  }
  if (isMalformed) return 'invalid info_hash'
  return hashes.size === 0 ? 'full scrape not allowed' : [...hashes].sort()
}

function dictionaryOf(reply: string): ReadonlyMap<string, unknown> {
  const value = readBencoded(latin1(reply))
  hold(value instanceof Map, 'a reply is one bencoded dictionary, its keys sorted')
  return value
}

function failureOf(reply: string): string | undefined {
  const reason = dictionaryOf(reply).get('failure reason')
  return reason instanceof Uint8Array ? Buffer.from(reason).toString('latin1') : undefined
}

function checkAnnounce(query: string, key: string | undefined): void {
  tracker.announces.splice(0)
  tracker.shownKeys.splice(0)
  const reply = endpoint.announce(CLIENT)
  const wanted = readAnnounce(query)
  if (typeof wanted !== 'object') {
    same(reply && failureOf(reply), wanted, 'failure of an announce')
    return
  }
  hold(reply !== undefined && failureOf(reply) === undefined, 'a valid announce is served')
  const [seen] = tracker.announces
  same([seen?.infoHash, seen?.peerId], [wanted.infoHash, wanted.peerId], 'info hash and peer id')
  same(seen?.address, 'cb007107', 'the listed address is the client of the connection (SEC-10)')
  same(tracker.shownKeys, [key], 'the key shown')
  hold(seen !== undefined && seen.numwant <= 200, 'no more peers than the maximum are wanted')
}

function checkScrape(query: string, key: string | undefined): void {
  tracker.shownKeys.splice(0)
  const reply = endpoint.scrape(CLIENT)
  const wanted = readScrape(query)
  if (typeof wanted !== 'object') {
    same(reply && failureOf(reply), wanted, 'failure of a scrape')
    return
  }
  hold(reply !== undefined, 'a valid scrape is answered')
  const files = dictionaryOf(reply).get('files')
  hold(files instanceof Map, 'a scrape has files')
  same([...files.keys()], wanted, 'hashes of a scrape')
  same(
    tracker.shownKeys,
    wanted.map(() => key),
    'the key shown',
  )
}

/** As node:http lets them through: no control characters, and no blank. */
function asTarget(input: Uint8Array): string {
  return Buffer.from(input.map((byte) => (byte <= 0x20 || byte === 0x7f ? 0x2b : byte))).toString('latin1')
}

function check(input: Uint8Array): void {
  const target = asTarget(input).slice(0, MAX_TARGET_BYTES)
  const route = endpoint.readTarget(target)
  const path = target.startsWith('/') ? target : absoluteForm(target)
  const wanted = readUrl(path)
  same(
    ['announce', 'scrape', undefined][[Route.Announce, Route.Scrape, Route.Other].indexOf(route)],
    wanted.route,
    'route',
  )
  if (wanted.route === 'announce') checkAnnounce(wanted.query, wanted.key)
  if (wanted.route === 'scrape') checkScrape(wanted.query, wanted.key)
}

/** `http://host/path?query` without what is before the path; the query may contain slashes, the host may not. */
function absoluteForm(target: string): string {
  return /^https?:\/\/[^/?]*(\/.*)$/is.exec(target)?.[1] ?? ''
}

export function openHttpRequests(): FuzzTarget {
  const hash = Buffer.from(INFO_HASH.hex, 'hex')
  const other = Buffer.from(AWKWARD_INFO_HASH.hex, 'hex')
  const key = '0123456789abcdefABCDEF9876543210'
  const targets = [
    `/announce?${ANNOUNCE_QUERY}`,
    NEWTRACKON_TARGET,
    announceTarget(hash, { event: 'stopped', port: '0', numwant: '30', key: 'a1b2c3d4', no_peer_id: '1' }),
    announceTarget(other, { compact: '0', passkey: key, left: '99999999999999999999' }),
    announceTarget(hash).replace('/announce', `/${key}/announce`),
    announceTarget(hash).replace('/announce', `/announce/${key}/`),
    announceTarget(hash).replace('/announce', 'http://tracker.example:6969/announce'),
    scrapeTarget(hash, other, hash),
    scrapeTarget(hash).replace('/scrape', `/${key}/scrape`),
    scrapeTarget(...Array.from({ length: 90 }, (_, index) => Buffer.alloc(20, index))),
    `/announce?${'a&'.repeat(127)}info_hash=1`,
    '/announce',
    '/scrape?',
    '/health_check',
  ]
  return {
    seeds: targets.map(latin1),
    dictionary: [
      ...['info_hash=', 'peer_id=', 'port=', 'left=', 'event=', 'numwant=', 'compact=0', 'passkey=', 'key=', 'ip='],
      ...['%00', '%', '%4', '%zz', '+', '&', '=', '&&', '?', '/', '//', '/announce', '/scrape', 'http://h', key],
      ...['stopped', 'STARTED', '-1', '65536', '00080', '18446744073709551616', '__proto__=1', '%70ort=1'],
    ],
    maxBytes: MAX_TARGET_BYTES,
    check,
  }
}
