// The catalogue of bad and odd HTTP input, one row per request (protocol chapter 8.2; rows about access modes and
// per-address limits are tested with those features). Each row has its own torrent, so its counts are absolute.

import { expect } from '@jest/globals'
import { announceTarget, escaped, type Parameters, scrapeTarget } from '../fixtures/announce-targets.ts'

export interface HttpRow {
  readonly id: string
  readonly input: string
  /** Target of a GET, or a whole request if it contains a line end. */
  readonly request: (infoHash: Buffer) => string
  /** A status other than 200; the text of a failure; or success, checked further by `reply`. */
  readonly answer: { readonly status: number | readonly number[] } | { readonly failure: string } | 'success'
  readonly reply?: Readonly<Record<string, unknown>>
  /** The tracker closes the connection although the client did not ask for it. */
  readonly hangsUp?: true
  readonly before?: readonly Parameters[]
  /** `complete/downloaded/incomplete` afterwards; by default nothing is stored. */
  readonly counts?: string
  /** Ports that a new client then receives, at the sender's own address. */
  readonly listed?: readonly number[]
}

/** Bytes of every kind: high, zero, space, and all that have a meaning in a query. */
const ODD_HASH = '%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~'
const OWN_PORT = [51413]
const OTHER_ID = '-TR4100-0123456789ab'
const OTHER: Parameters = { peer_id: OTHER_ID, port: '7002' }
const OTHER_COMPACT = Buffer.from('7f0000011b5a', 'hex').toString('latin1')
const DOWNLOADING = { answer: 'success', counts: '0/0/1', listed: OWN_PORT } as const
const SEEDING = { answer: 'success', counts: '1/0/0', listed: OWN_PORT } as const

function announce(changes: Parameters = {}) {
  return (infoHash: Buffer) => announceTarget(infoHash, changes)
}

function appended(more: string) {
  return (infoHash: Buffer) => `${announceTarget(infoHash)}&${more}`
}

function hashAs(write: (infoHash: Buffer) => string) {
  return (infoHash: Buffer) => announceTarget(infoHash, { info_hash: write(infoHash) })
}

function lines(...parts: string[]) {
  return [...parts, '', ''].join('\r\n')
}

function withHeader(header: string) {
  return (infoHash: Buffer) => lines(`GET ${announceTarget(infoHash)} HTTP/1.1`, 'Host: tracker', header)
}

function method(name: string, body = '') {
  return (infoHash: Buffer) =>
    lines(`${name} ${announceTarget(infoHash)} HTTP/1.1`, 'Host: tracker', `Content-Length: ${body.length}`) + body
}

function atPath(path: string) {
  return (infoHash: Buffer) => announceTarget(infoHash).replace('/announce', path)
}

function failing(
  failure: string,
  rows: readonly (readonly [id: string, input: string, request: HttpRow['request']])[],
) {
  return rows.map(([id, input, request]) => ({ id, input, request, answer: { failure } }))
}

export const HTTP_ROWS: readonly HttpRow[] = [
  ...failing('missing info_hash', [
    ['BH-01', '/announce without a query', () => '/announce'],
    ['BH-02', '/announce with an empty query', () => '/announce?'],
    ['BH-17', 'the name in upper case', (hash) => announceTarget(hash).replace('info_hash', 'INFO_HASH')],
    ['BH-18', 'info_hash[]', (hash) => announceTarget(hash).replace('info_hash', 'info_hash[]')],
    ['BH-18', 'info_hash[0]', (hash) => announceTarget(hash).replace('info_hash', 'info_hash[0]')],
  ]),
  ...failing('invalid info_hash', [
    ['BH-04', 'an empty info_hash', hashAs(() => '')],
    ['BH-05', '19 bytes of info_hash', hashAs((hash) => escaped(hash.subarray(1)))],
    ['BH-05', '21 bytes of info_hash', hashAs((hash) => `${escaped(hash)}a`)],
    ['BH-06', '40 hex characters', hashAs((hash) => hash.toString('hex'))],
    ['BH-07', '32 base32 characters', hashAs(() => 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT')],
    ['BH-08', '32 bytes', hashAs((hash) => `${escaped(hash)}${'%00'.repeat(12)}`)],
    ...['%', '%4', '%zz', '%u0041'].map(
      (end) => ['BH-09', `info_hash that ends in ${end}`, hashAs((hash) => escaped(hash.subarray(1)) + end)] as const,
    ),
    [
      'BH-12',
      'info_hash escaped as UTF-8',
      hashAs((hash) => encodeURIComponent(`\u00a6${hash.subarray(1).toString('latin1')}`)),
    ],
  ]),
  ...failing('multiple info_hash', [
    ['BH-16', 'one info_hash twice', (hash) => announceTarget(hash, { info_hash: [escaped(hash), escaped(hash)] })],
    ['BH-16', 'two info_hashes', (hash) => announceTarget(hash, { info_hash: [escaped(hash), ODD_HASH] })],
  ]),
  ...failing('missing peer_id', [['BH-19', 'no peer_id', announce({ peer_id: undefined })]]),
  ...failing('invalid peer_id', [
    ['BH-20', '19 bytes of peer_id', announce({ peer_id: '-qB5240-abcdefghijk' })],
    ['BH-20', '21 bytes of peer_id', announce({ peer_id: '-qB5240-abcdefghijklm' })],
    ['BH-20', 'an empty peer_id', announce({ peer_id: '' })],
    ['SEC-24', 'a script as peer_id', announce({ peer_id: '<script>alert(1)</script>' })],
  ]),
  ...failing('invalid port', [
    ['BH-24', 'port 0', announce({ port: '0' })],
    ['HTTP-13', 'no port', announce({ port: undefined })],
    ...['65536', '99999999999999999999', '-1', '%2B80', '+80', '0x1ae1', '6e3', '6881.0', '+6881', '', '%D9%A1'].map(
      (port) => ['BH-28', `port '${port}'`, announce({ port })] as const,
    ),
  ]),
  ...failing('full scrape not allowed', [
    ['BH-81', '/scrape without a query', () => '/scrape'],
    ['BH-81', '/scrape without a hash', () => '/scrape?foo=bar'],
  ]),
  ...failing('invalid info_hash', [
    ['HTTP-43', '/scrape with a good and a bad hash', (hash) => `${scrapeTarget(hash)}&info_hash=abc`],
  ]),

  { id: 'BH-13', input: 'info_hash in lower case escapes', request: hashAs(escaped), ...DOWNLOADING },
  {
    id: 'BH-13',
    input: 'info_hash in upper case escapes',
    request: hashAs((hash) => escaped(hash).toUpperCase()),
    ...DOWNLOADING,
  },
  {
    id: 'BH-21',
    input: 'a peer_id with 00, 0a and ff',
    request: announce({ peer_id: '%00%0a%ff-abcdefghijklmnop' }),
    ...DOWNLOADING,
  },
  {
    id: 'BH-22',
    input: 'a peer_id equal to info_hash',
    request: (hash) => announceTarget(hash, { peer_id: escaped(hash) }),
    ...DOWNLOADING,
  },
  {
    id: 'BH-25',
    input: 'a stop with port 0',
    before: [{}],
    request: announce({ port: '0', event: 'stopped' }),
    answer: 'success',
    reply: { peers: '', incomplete: 0 },
  },
  {
    id: 'BH-25',
    input: 'a stop without a port',
    before: [{}],
    request: announce({ port: undefined, event: 'stopped' }),
    answer: 'success',
    reply: { peers: '', incomplete: 0 },
  },
  {
    id: 'HTTP-18',
    input: 'a stop of an unknown peer',
    request: announce({ event: 'stopped' }),
    answer: 'success',
    reply: { complete: 0, incomplete: 0, downloaded: 0, peers: '' },
  },
  {
    id: 'BH-26',
    input: 'port 65535',
    request: announce({ port: '65535' }),
    answer: 'success',
    counts: '0/0/1',
    listed: [65535],
  },
  {
    id: 'BH-29',
    input: 'port 006881',
    request: announce({ port: '006881' }),
    answer: 'success',
    counts: '0/0/1',
    listed: [6881],
  },
  { id: 'BH-30', input: 'the port twice', request: announce({ port: ['1', '51413'] }), ...DOWNLOADING },
  {
    id: 'BH-32',
    input: 'port 25',
    request: announce({ port: '25' }),
    answer: 'success',
    reply: { 'warning message': expect.any(String) },
    counts: '0/0/1',
  },
  { id: 'BH-33', input: 'no left', request: announce({ left: undefined }), ...DOWNLOADING },
  ...['', '-1', 'abc', '0x0', '0.0', '+0', '0%20', '99999999999999999999999'].map((left) => ({
    id: 'BH-34',
    input: `left '${left}'`,
    request: announce({ left }),
    ...DOWNLOADING,
  })),
  { id: 'BH-34', input: "left '00'", request: announce({ left: '00' }), ...SEEDING },
  {
    id: 'BH-36',
    input: 'figures that are not numbers',
    request: announce({ uploaded: '-5', downloaded: 'NaN' }),
    ...DOWNLOADING,
  },
  {
    id: 'BH-36',
    input: 'no figures',
    request: announce({ uploaded: undefined, downloaded: undefined }),
    ...DOWNLOADING,
  },
  ...['paused', 'STARTED', 'empty', '', 'update', 'foo', '%ff%00', 'x'.repeat(7000)].map((event) => ({
    id: event === 'paused' ? 'BH-37' : 'BH-38',
    input: `event '${event.slice(0, 12)}' of ${event.length} characters`,
    request: announce({ event }),
    ...DOWNLOADING,
  })),
  {
    id: 'HTTP-19',
    input: 'completed three times',
    before: [{ event: 'started' }, { event: 'completed', left: '0' }, { event: 'completed', left: '0' }],
    request: announce({ event: 'completed', left: '0' }),
    answer: 'success',
    reply: { complete: 1, downloaded: 1, incomplete: 0 },
    counts: '1/1/0',
    listed: OWN_PORT,
  },
  {
    id: 'BH-40',
    input: 'compact 0',
    before: [OTHER],
    request: announce({ compact: '0' }),
    answer: 'success',
    reply: {
      peers: [
        new Map<string, unknown>([
          ['ip', '127.0.0.1'],
          ['peer id', OTHER_ID],
          ['port', 7002],
        ]),
      ],
    },
    counts: '0/0/2',
    listed: [7002, 51413],
  },
  {
    id: 'HTTP-22',
    input: 'compact 0 and no_peer_id 1',
    before: [OTHER],
    request: announce({ compact: '0', no_peer_id: '1' }),
    answer: 'success',
    reply: {
      peers: [
        new Map<string, unknown>([
          ['ip', '127.0.0.1'],
          ['port', 7002],
        ]),
      ],
    },
    counts: '0/0/2',
    listed: [7002, 51413],
  },

  ...[undefined, '1', '2', 'true', ''].map((compact) => ({
    id: 'BH-41',
    input: `compact ${compact === undefined ? 'left out' : `'${compact}'`}`,
    before: [OTHER],
    request: announce({ compact }),
    answer: 'success' as const,
    reply: { peers: OTHER_COMPACT },
    counts: '0/0/2',
    listed: [7002, 51413],
  })),
  ...[
    { key: 'A1B2C3D4', counts: '0/0/1', listed: OWN_PORT },
    { key: 'A1B2C3D5', counts: '0/0/2', listed: [7002, 51413] },
    { key: 'another', counts: '0/0/2', listed: [7002, 51413] },
    { key: undefined, counts: '0/0/1', listed: OWN_PORT },
  ].map(({ key, counts, listed }) => ({
    id: 'HTTP-25',
    input: `key ${key ?? 'omitted'} after key A1B2C3D4 of the same peer id and address`,
    before: [{ port: '7002', key: 'A1B2C3D4' }],
    request: announce({ key }),
    answer: 'success' as const,
    counts,
    listed,
  })),
  ...['1', '50', '200', '1000000', '9'.repeat(30), '-1', 'abc', ''].map((numwant) => ({
    id: 'BH-44',
    input: `numwant '${numwant}'`,
    before: [OTHER],
    request: announce({ numwant }),
    answer: 'success' as const,
    reply: { peers: OTHER_COMPACT },
    counts: '0/0/2',
    listed: [7002, 51413],
  })),
  {
    id: 'BH-42',
    input: 'numwant 0 with available peers',
    before: [OTHER],
    request: announce({ numwant: '0' }),
    answer: 'success',
    reply: { peers: '' },
    counts: '0/0/2',
    listed: [7002, 51413],
  },
  {
    id: 'HTTP-23',
    input: 'numwant 0 when a download starts',
    before: [OTHER],
    request: announce({ numwant: '0', event: 'started' }),
    answer: 'success',
    reply: { peers: OTHER_COMPACT },
    counts: '0/0/2',
    listed: [7002, 51413],
  },
  ...[
    'ip=8.8.8.8',
    'ipv4=8.8.8.8',
    'ipv6=2001:4860::1',
    'ip=localhost',
    'ip=evil.example',
    'ipv6=None',
    'ipv4=None',
    'ipv6=[::1]:80',
    'ip=8.8.8.8&ip=9.9.9.9',
  ].map((more) => ({ id: 'BH-45', input: more, request: appended(more), ...DOWNLOADING })),
  ...[
    'key=%ff%00',
    `key=${'k'.repeat(6000)}`,
    'key=-17',
    'key=',
    'trackerid=abc',
    'supportcrypto=1&requirecrypto=1&cryptoport=0',
    '__proto__=1&constructor=2&toString=3',
    '&&&',
    'a&b&=c',
    'uploaded=%zz',
    'azudp=51413&azver=3&port_type=upnp&redundant=0&corrupt=0&cn=1',
  ].map((more) => ({ id: 'BH-54', input: `&${more.slice(0, 40)}`, request: appended(more), ...DOWNLOADING })),
  { id: 'BH-53', input: '1000 parameters', request: appended('a=1&'.repeat(1000)), answer: { status: 400 } },
  {
    id: 'BH-56',
    input: 'a raw # in the hash',
    request: hashAs((hash) => `${escaped(hash.subarray(0, 19))}#`),
    ...DOWNLOADING,
  },
  {
    id: 'BH-57',
    input: 'a raw byte 80',
    request: (hash) => lines(`GET ${announceTarget(hash)}\x80 HTTP/1.1`, 'Host: t'),
    answer: { status: 400 },
    hangsUp: true,
  },
  {
    id: 'BH-57',
    input: 'a raw byte ff',
    request: (hash) => lines(`GET ${announceTarget(hash)}\xff HTTP/1.1`, 'Host: t'),
    answer: { status: 400 },
    hangsUp: true,
  },
  {
    id: 'BH-58',
    input: 'a space in the target',
    request: (hash) => lines(`GET ${announceTarget(hash).replace('?', ' ?')} HTTP/1.1`, 'Host: t'),
    answer: { status: 400 },
    hangsUp: true,
  },
  { id: 'BH-60', input: 'a trailing slash', request: atPath('/announce/'), ...DOWNLOADING },
  ...[
    '//announce',
    '/announce.php',
    '/Announce',
    '/ANNOUNCE',
    '/announce%20',
    '/announce//',
    '/a/b/announce',
    '/',
    '/index.html',
  ].map((path) => ({ id: 'BH-61', input: `the path ${path}`, request: atPath(path), answer: { status: 404 } })),
  ...['/0123456789abcdef0123456789abcdef/announce', '/announce/0123456789abcdef0123456789abcdef'].map((path) => ({
    id: 'HTTP-07',
    input: `the path ${path}`,
    request: atPath(path),
    ...DOWNLOADING,
  })),
  {
    id: 'BH-62',
    input: 'an absolute-form target',
    request: (hash) => `http://tracker:7070${announceTarget(hash)}`,
    ...DOWNLOADING,
  },
  ...['started', 'stopped', 'completed'].map((event) => ({
    id: 'BH-64',
    input: `HEAD of an announce with event ${event}`,
    before: [OTHER, {}],
    request: (hash: Buffer) => lines(`HEAD ${announceTarget(hash, { event, left: '0' })} HTTP/1.1`, 'Host: t'),
    answer: { status: 200 },
    counts: '0/0/2',
    listed: [7002, 51413],
  })),
  { id: 'BH-65', input: 'POST with a body', request: method('POST', 'hello'), answer: { status: 405 } },
  { id: 'HTTP-08', input: 'PUT', request: method('PUT'), answer: { status: 405 } },
  { id: 'HTTP-08', input: 'DELETE', request: method('DELETE'), answer: { status: 405 } },
  { id: 'BH-66', input: 'OPTIONS', request: method('OPTIONS'), answer: { status: 204 } },
  {
    id: 'BH-66',
    input: 'OPTIONS /',
    request: () => lines('OPTIONS / HTTP/1.0'),
    answer: { status: 204 },
    hangsUp: true,
  },
  { id: 'BH-66', input: 'OPTIONS *', request: () => lines('OPTIONS * HTTP/1.1', 'Host: t'), answer: { status: 204 } },
  {
    id: 'BH-68',
    input: 'HTTP/1.0 without Host',
    request: (hash) => lines(`GET ${announceTarget(hash)} HTTP/1.0`),
    ...DOWNLOADING,
    hangsUp: true,
  },
  {
    id: 'BH-69',
    input: 'HTTP/1.1 without Host',
    request: (hash) => lines(`GET ${announceTarget(hash)} HTTP/1.1`),
    answer: { status: 400 },
    hangsUp: true,
  },
  {
    id: 'BH-70',
    input: 'bare line feeds',
    request: (hash) => `GET ${announceTarget(hash)} HTTP/1.1\nHost: t\n\n`,
    answer: { status: 400 },
    hangsUp: true,
  },
  {
    id: 'BH-70',
    input: 'a method in lower case',
    request: (hash) => lines(`get ${announceTarget(hash)} HTTP/1.1`, 'Host: t'),
    answer: { status: 400 },
    hangsUp: true,
  },
  { id: 'BH-72', input: 'a GET with a body', request: method('GET', 'hello'), ...DOWNLOADING },
  {
    id: 'BH-74',
    input: 'a target of 9 KiB',
    request: appended(`key=${'k'.repeat(9 * 1024)}`),
    answer: { status: [414, 431] },
    hangsUp: true,
  },
  {
    id: 'HTTP-09',
    input: 'Transfer-Encoding and Content-Length at once',
    request: (hash) =>
      lines(`GET ${announceTarget(hash)} HTTP/1.1`, 'Host: t', 'Content-Length: 0', 'Transfer-Encoding: chunked'),
    answer: { status: 400 },
    hangsUp: true,
  },
  {
    id: 'BH-92',
    input: 'a User-Agent that breaks its line',
    request: withHeader('User-Agent: x\r\n{"level":"error"}'),
    answer: { status: 400 },
    hangsUp: true,
  },
  {
    id: 'BH-92',
    input: 'a User-Agent of 9 KiB',
    request: withHeader(`User-Agent: ${'x'.repeat(9 * 1024)}`),
    answer: { status: [414, 431] },
    hangsUp: true,
  },
  ...['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'Forwarded'].map((header) => ({
    id: 'SEC-11',
    input: `${header} on a listener without a proxy`,
    request: withHeader(`${header}: ${header === 'Forwarded' ? 'for=' : ''}8.8.8.8`),
    ...DOWNLOADING,
  })),
  {
    id: 'BH-97',
    input: "newTrackon's probe",
    request: (hash) =>
      `/announce?info_hash=${escaped(hash)}&peer_id=-qB4390-abcdefABCDEF&port=6881&uploaded=0&downloaded=0&left=0&compact=1&ipv6=None&ipv4=198.51.100.1`,
    answer: 'success',
    counts: '1/0/0',
    listed: [6881],
  },
]
