// The catalogue of bad and odd UDP input, one row per datagram (protocol chapter 8.1; rows about access modes, rates,
// raw sockets and clocks are tested elsewhere or not yet). Each row has its own torrent, so its counts are absolute.

import { announceDatagram, connectDatagram, scrapeDatagram, TRANSACTION } from '../fixtures/udp-datagrams.ts'

interface Setting {
  /** A connection id that is valid for the client. */
  readonly id: Buffer
  /** The row's torrent, which only `before` has announced. */
  readonly infoHash: Buffer
}

export interface UdpRow {
  readonly id: string
  readonly input: string
  readonly datagram: (setting: Setting) => Buffer
  /** No reply, the text of an error, or success with this many bytes or peers (`undefined`: any number). */
  readonly answer: 'silence' | { readonly error: string } | { readonly bytes?: number; readonly peers?: number }
  /** Announces sent before. */
  readonly before?: readonly Omit<Parameters<typeof announceDatagram>[1], 'infoHash'>[]
  /** `seeders/completed/leechers` of the torrent afterwards; by default nothing is stored. */
  readonly counts?: string
  /** Ports that a new client then receives, each with the sender's own address. */
  readonly listed?: readonly number[]
  readonly transaction?: number
}

const BAD_ID = Buffer.alloc(8, 0xff)
const ZEROS = Buffer.alloc(8)
const MISMATCH = { error: 'Connection ID mismatch.' }
const MALFORMED = { error: 'malformed packet' }
const UNKNOWN_ACTION = { error: 'unknown action' }
const OWN_PORT = [51413]
const DOWNLOADING = { counts: '0/0/1', listed: OWN_PORT }

function announce(fields: Omit<Parameters<typeof announceDatagram>[1], 'infoHash'> = {}) {
  return ({ id, infoHash }: Setting) => announceDatagram(id, { infoHash, ...fields })
}

function cut(bytes: number) {
  return (setting: Setting): Buffer => announce()(setting).subarray(0, bytes)
}

function options(bytes: string) {
  return announce({ options: bytes })
}

function urlData(text: string) {
  return options(`02${Buffer.from([text.length]).toString('hex')}${Buffer.from(text, 'latin1').toString('hex')}`)
}

function replyVector(hex: string) {
  return () => Buffer.from(hex, 'hex')
}

export const UDP_ROWS: readonly UdpRow[] = [
  { id: 'BU-01', input: 'an empty datagram', datagram: () => Buffer.alloc(0), answer: 'silence' },
  { id: 'BU-02', input: 'one byte', datagram: () => Buffer.alloc(1), answer: 'silence' },
  {
    id: 'UDP-04',
    input: 'a connect request that lacks its last byte',
    datagram: () => connectDatagram().subarray(0, 15),
    answer: 'silence',
  },
  ...[1, 100].map((extra) => ({
    id: 'BU-04',
    input: `a connect request with ${extra} trailing bytes`,
    datagram: () => Buffer.concat([connectDatagram(), Buffer.alloc(extra, 0xaa)]),
    answer: { bytes: 16 },
  })),
  {
    id: 'BU-05',
    input: 'a connect request whose magic is zero',
    datagram: () => connectDatagram(TRANSACTION, ZEROS),
    answer: 'silence',
  },
  {
    id: 'BU-06',
    input: 'a connect request whose magic is byte-swapped',
    datagram: () => connectDatagram(TRANSACTION, Buffer.from('8019102717040000', 'hex')),
    answer: 'silence',
  },
  {
    id: 'UDP-03',
    input: 'a connect request with a valid id instead of the magic',
    datagram: ({ id }) => connectDatagram(TRANSACTION, id),
    answer: 'silence',
  },
  ...[0, 0xffffffff, 0x80000000].map((transaction) => ({
    id: 'BU-09',
    input: `transaction id ${transaction.toString(16).padStart(8, '0')}`,
    datagram: announce({ transaction }),
    answer: { bytes: 20 },
    transaction,
    ...DOWNLOADING,
  })),
  {
    id: 'BU-10',
    input: 'an announce with the magic as its id',
    datagram: ({ infoHash }) => announceDatagram(Buffer.from('0000041727101980', 'hex'), { infoHash }),
    answer: MISMATCH,
  },
  {
    id: 'BU-12',
    input: 'an announce with an id of zeros',
    datagram: ({ infoHash }) => announceDatagram(ZEROS, { infoHash }),
    answer: MISMATCH,
  },
  ...[16, 30].map((bytes) => ({
    id: 'BU-13',
    input: `an announce with a bad id, cut to ${bytes} bytes`,
    datagram: ({ infoHash }: Setting) => announceDatagram(BAD_ID, { infoHash }).subarray(0, bytes),
    answer: 'silence' as const,
  })),
  {
    id: 'BU-14',
    input: 'a scrape with a bad id',
    datagram: ({ infoHash }) => scrapeDatagram(BAD_ID, [infoHash]),
    answer: MISMATCH,
  },
  {
    id: 'BU-24',
    input: 'action 4, the obsolete IPv6 announce',
    datagram: announce({ action: 4, options: '00'.repeat(12) }),
    answer: UNKNOWN_ACTION,
  },
  { id: 'UDP-16', input: 'action 3 with a valid id', datagram: announce({ action: 3 }), answer: 'silence' },
  {
    id: 'BU-25',
    input: 'a little-endian announce',
    datagram: announce({ action: 0x01000000 }),
    answer: UNKNOWN_ACTION,
  },
  { id: 'BU-26', input: 'action ffffffff', datagram: announce({ action: 0xffffffff }), answer: UNKNOWN_ACTION },
  {
    id: 'UDP-16',
    input: 'action 3 with a bad id, as short as an error',
    datagram: replyVector('ffffffffffffffff000000033f2a1b0c'),
    answer: 'silence',
  },
  ...[97, 96, 84, 36, 16].map((bytes) => ({
    id: bytes === 16 ? 'BU-30' : bytes === 97 ? 'BU-28' : 'BU-29',
    input: `an announce cut to ${bytes} bytes`,
    datagram: cut(bytes),
    answer: MALFORMED,
  })),
  ...[5, 0xffffffff, 0x01000002].map((event) => ({
    id: 'BU-32',
    input: `event ${event.toString(16).padStart(8, '0')}`,
    datagram: announce({ event }),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  })),
  { id: 'BU-33', input: 'port 0 on a start', datagram: announce({ port: 0 }), answer: { error: 'invalid port' } },
  {
    id: 'BU-34',
    input: 'port 0 on a stop, after an announce by the same peer id',
    before: [{}],
    datagram: announce({ port: 0, event: 3 }),
    answer: { bytes: 20 },
  },
  {
    id: 'HTTP-18',
    input: 'a stop of an unknown peer',
    datagram: announce({ event: 3 }),
    answer: { bytes: 20 },
  },
  { id: 'BU-36', input: 'port 22', datagram: announce({ port: 22 }), answer: { bytes: 20 }, counts: '0/0/1' },
  { id: 'BU-36', input: 'port 1', datagram: announce({ port: 1 }), answer: { bytes: 20 }, counts: '0/0/1' },
  {
    id: 'BU-38',
    input: 'num_want 0 with available peers',
    before: [{ port: 7002, peerId: '-TR4100-0123456789ab' }],
    datagram: announce({ numwant: 0, event: 0 }),
    answer: { bytes: 20 },
    counts: '0/0/2',
    listed: [7002, 51413],
  },
  ...[
    { key: 0xa1b2c3d4, counts: '0/0/1', listed: OWN_PORT },
    { key: 0xa1b2c3d5, counts: '0/0/2', listed: [7002, 51413] },
    { key: 0, counts: '0/0/1', listed: OWN_PORT },
  ].map(({ key, counts, listed }) => ({
    id: 'BEP 7',
    input: `key ${key.toString(16)} after key a1b2c3d4 of the same peer id and address`,
    before: [{ port: 7002 }],
    datagram: announce({ key }),
    answer: {},
    counts,
    listed,
  })),
  {
    id: 'UDP-14',
    input: 'num_want 0 when a download starts',
    before: [{ port: 7002, peerId: '-TR4100-0123456789ab' }],
    datagram: announce({ numwant: 0, event: 2 }),
    answer: { peers: 1 },
    counts: '0/0/2',
    listed: [7002, 51413],
  },
  ...[0xffffffffffffffffn, 0x7fffffffffffffffn, 0x8000000000000000n, 0x0000000100000000n].map((left) => ({
    id: left === 0x0000000100000000n ? 'BU-42' : 'BU-41',
    input: `left ${left.toString(16).padStart(16, '0')}`,
    datagram: announce({ left }),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  })),
  ...[0x08080808, 0x7f000001, 0xffffffff, 0xe0000001].map((ip) => ({
    id: ip === 0x08080808 ? 'BU-44' : 'BU-45',
    input: `IP field ${ip.toString(16).padStart(8, '0')}`,
    datagram: announce({ ip }),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  })),
  {
    id: 'BU-46',
    input: 'a peer id of zeros',
    datagram: announce({ peerId: '\0'.repeat(20) }),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  },
  {
    id: 'BU-48',
    input: 'completed without a start',
    datagram: announce({ event: 1, left: 0n }),
    answer: { bytes: 20 },
    counts: '1/0/0',
    listed: OWN_PORT,
  },
  {
    id: 'BU-49',
    input: 'completed for the third time',
    before: [{}, { left: 0n, event: 1 }, { left: 0n, event: 1 }],
    datagram: announce({ event: 1, left: 0n }),
    answer: { bytes: 20 },
    counts: '1/1/0',
    listed: OWN_PORT,
  },
  { id: 'BU-50', input: 'an option without a length', datagram: options('02'), answer: { bytes: 20 }, ...DOWNLOADING },
  {
    id: 'UDP-27',
    input: 'an option that runs past the end',
    datagram: options('0205616263'),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  },
  {
    id: 'BU-52',
    input: '1300 NOP options',
    datagram: options('01'.repeat(1300)),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  },
  {
    id: 'BU-53',
    input: 'an option of an unknown type before the URL',
    datagram: options(`0500${'02092f616e6e6f756e6365'}`),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  },
  { id: 'BU-54', input: 'two option bytes of zero', datagram: options('0000'), answer: { bytes: 20 }, ...DOWNLOADING },
  ...['/a\0b', '/a\r\nb', '/%zz', '/../../etc'].map((path) => ({
    id: 'BU-56',
    input: `the URL ${JSON.stringify(path)}`,
    datagram: urlData(path),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  })),
  {
    id: 'BU-60',
    input: 'a scrape of 20 + 19 bytes',
    datagram: ({ id, infoHash }) => Buffer.concat([scrapeDatagram(id, [infoHash]), Buffer.alloc(19)]),
    answer: { bytes: 8 + 12 },
  },
  ...[0, 1, 19].map((bytes) => ({
    id: 'BU-61',
    input: `a scrape with ${bytes} bytes of a hash`,
    datagram: ({ id, infoHash }: Setting) => scrapeDatagram(id, [infoHash.subarray(0, bytes)]),
    answer: { error: 'no info_hash' },
  })),
  ...[74, 75, 100].map((count) => ({
    id: 'BU-62',
    input: `a scrape with ${count} hashes`,
    datagram: ({ id, infoHash }: Setting) => scrapeDatagram(id, Array(count).fill(infoHash)),
    answer: { bytes: 8 + 12 * 74 },
  })),
  {
    id: 'BU-64',
    input: 'a scrape of one hash twice',
    datagram: ({ id, infoHash }) => scrapeDatagram(id, [infoHash, infoHash]),
    answer: { bytes: 8 + 12 * 2 },
  },
  {
    id: 'BU-65',
    input: 'a scrape of an unknown hash',
    datagram: ({ id, infoHash }) => scrapeDatagram(id, [infoHash]),
    answer: { bytes: 8 + 12 },
  },
  {
    id: 'BU-66',
    input: 'the largest possible datagram: an announce and garbage',
    datagram: (setting) => Buffer.concat([announce()(setting), Buffer.alloc(65507 - 98, 0xa5)]),
    answer: { bytes: 20 },
    ...DOWNLOADING,
  },
  ...[
    '000000003f2a1b0c84789586864995b4',
    '000000013f2a1b0c000007800000000300000001c633640a1ae1c0000237c8d5',
    '000000013f2a1b0c000007800000000100000000',
    '00000001fffffffe00000708000000010000000020010db800000000000000000000000a1ae1',
    '00000002000000010000000b000035cc00000013000000000000000000000000',
    '000000033f2a1b0c436f6e6e656374696f6e204944206d69736d617463682e',
    '000000033f2a1b0c696e76616c696420706f7274',
    '000000013f2a1b0c00000e100000000000000000',
  ].map((hex) => ({
    id: 'BU-69',
    input: `a tracker's reply ${hex.slice(0, 16)} of ${hex.length / 2} bytes`,
    datagram: replyVector(hex),
    answer: 'silence' as const,
  })),
]
