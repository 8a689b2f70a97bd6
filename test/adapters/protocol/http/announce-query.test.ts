import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IpAddress, readAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { AnnounceQuery } from '../../../../src/adapters/protocol/http/announce-query.ts'
import { HttpOutcome } from '../../../../src/adapters/protocol/http/http-outcome.ts'
import { IpParameter } from '../../../../src/adapters/protocol/http/ip-parameter.ts'
import { AddressRanges } from '../../../../src/domain/address-ranges.ts'
import { AnnounceEvent, Family } from '../../../../src/domain/announce.ts'
import {
  ANNOUNCE_QUERY,
  AWKWARD_INFO_HASH,
  INFO_HASH,
  MANGLED_INFO_HASH_HEX,
  NEWTRACKON_TARGET,
  OTHER_INFO_HASH,
  PEER_ID,
} from '../../../fixtures/http-vectors.ts'

function address(text: string): IpAddress {
  const read = new IpAddress()
  if (!readAddress(text, 0, text.length, read)) throw new Error(`no address: ${text}`)
  return read
}

const CLIENT = address('203.0.113.7')

function readInto(announce: AnnounceQuery, query: string, client: IpAddress) {
  return announce.read(Buffer.from(query, 'latin1'), 0, query.length, client)
}

function read(query: string, client = CLIENT) {
  const announce = new AnnounceQuery(50, 200)
  const outcome = readInto(announce, query, client)
  const words = Buffer.from(announce.request.words.buffer)
  return {
    outcome,
    announce,
    request: announce.request,
    infoHash: words.toString('hex', 0, 20),
    peerId: words.toString('latin1', 20, 40),
    downloaded: words.readBigUInt64BE(40),
    left: words.readBigUInt64BE(48),
    uploaded: words.readBigUInt64BE(56),
    endpoint: Buffer.from(announce.request.endpoint.buffer).toString('hex'),
  }
}

function withHash(hash: string) {
  return `info_hash=${hash}&peer_id=${PEER_ID}&port=51413&left=1`
}

/** A valid query with one more parameter at its end. */
function plus(pair: string) {
  return read(`${ANNOUNCE_QUERY}&${pair}`)
}

const WITHOUT_LEFT = ANNOUNCE_QUERY.replace('&left=1', '')
const UNKNOWN_LEFT = 0x7fffffffffffffffn

describe('info_hash', () => {
  const spellings = [INFO_HASH, AWKWARD_INFO_HASH, OTHER_INFO_HASH].flatMap(({ hex, spellings }) =>
    Object.entries(spellings).map(([spelling, text]) => ({ hex, spelling, text })),
  )

  it.each(spellings)('is $hex when spelled with $spelling', ({ hex, text }) => {
    expect(read(withHash(text))).toMatchObject({ outcome: HttpOutcome.Read, infoHash: hex })
  })

  it('keeps hashes apart that differ only in bytes above 0x7f', () => {
    const one = read(withHash('%04%0bkV%3f%5cr%14%a6%b7%98%adC%c3%c9.%40%24%00%b9')).infoHash
    const other = read(withHash('%04%0bkV%3f%5cr%14%a7%b8%99%aeC%c3%c9.%40%24%00%b9')).infoHash
    expect(one).not.toBe(other)
    expect([one, other]).not.toContain(MANGLED_INFO_HASH_HEX)
  })

  it.each([
    ['empty', ''],
    ['19 bytes', 'a'.repeat(19)],
    ['21 bytes', 'a'.repeat(21)],
    ['40 hex characters', INFO_HASH.hex],
    ['32 bytes', '%aa'.repeat(32)],
    ['32 base32 characters', 'A'.repeat(32)],
    ['an escape cut after the percent sign', `${'a'.repeat(19)}%`],
    ['an escape cut after one digit', `${'a'.repeat(19)}%4`],
    ['an escape without hex digits', `${'a'.repeat(19)}%zz`],
    ['an escape of a code point', `${'a'.repeat(19)}%u0041`],
    ['bytes spelled as UTF-8', '%124Vx%c2%9a%c2%bc%c3%9e%c3%b1%23Eg%89%AB%CD%EF%124Vx'],
  ])('is invalid when it is %s', (_, text) => {
    expect(read(withHash(text)).outcome).toBe(HttpOutcome.InvalidInfoHash)
  })

  it.each(['%00', '%ff'])('may be twenty times %s', (byte) => {
    expect(read(withHash(byte.repeat(20))).outcome).toBe(HttpOutcome.Read)
  })

  it.each(['', 'a=b', 'INFO_HASH=x', 'info_hash[]=x', 'info_hash[0]=x', 'info_hash', '&&&'])(
    'is missing from %p',
    (query) => {
      expect(read(query).outcome).toBe(HttpOutcome.MissingInfoHash)
    },
  )

  it.each([INFO_HASH.spellings['upper-case escapes'], OTHER_INFO_HASH.spellings['upper-case escapes'], ''])(
    'is rejected when given twice, the second time as %p',
    (second) => {
      expect(plus(`info_hash=${second}`).outcome).toBe(HttpOutcome.MultipleInfoHashes)
    },
  )

  it('is found under an escaped name', () => {
    expect(read(withHash('a'.repeat(20)).replace('info_hash', 'info%5Fhash')).outcome).toBe(HttpOutcome.Read)
  })
})

describe('peer_id', () => {
  const withPeerId = (text: string) => read(`info_hash=${'h'.repeat(20)}&port=1&peer_id=${text}`)

  it('is stored unchanged', () => {
    expect(withPeerId(PEER_ID)).toMatchObject({ outcome: HttpOutcome.Read, peerId: PEER_ID })
    expect(withPeerId('%00%0a%ff+%41fghijklmnopqrst').peerId).toBe('\x00\n\xff Afghijklmnopqrst')
  })

  it.each(['', 'a'.repeat(19), 'a'.repeat(21), `${'a'.repeat(19)}%`, `${'a'.repeat(19)}%zz`])(
    'is invalid as %p',
    (text) => {
      expect(withPeerId(text).outcome).toBe(HttpOutcome.InvalidPeerId)
    },
  )

  it('is checked only after a valid info hash', () => {
    expect(read(`info_hash=${'h'.repeat(20)}&port=1`).outcome).toBe(HttpOutcome.MissingPeerId)
    expect(read('info_hash=short&port=1').outcome).toBe(HttpOutcome.InvalidInfoHash)
  })
})

describe('port', () => {
  it.each([
    ['51413', 51413],
    ['65535', 65535],
    ['006881', 6881],
    ['%36881', 6881],
    ['0', 0],
    ['65536', 0],
    ['-1', 0],
    ['+80', 0],
    ['%2B80', 0],
    ['0x1ae1', 0],
    ['6e3', 0],
    ['6881.0', 0],
    ['%206881', 0],
    ['', 0],
    ['%D9%A6', 0],
    ['1'.repeat(21), 0],
  ])('reads %p as %p', (text, port) => {
    expect(plus(`port=${text}`).request.port).toBe(port)
  })

  it('is 0 when missing', () => {
    expect(read(ANNOUNCE_QUERY.replace('&port=51413', '')).request.port).toBe(0)
  })

  it('is the last one given, unless that one cannot be decoded', () => {
    expect(read(`port=1&${ANNOUNCE_QUERY}`).request.port).toBe(51413)
    expect(plus('port=%zz').request.port).toBe(51413)
  })

  it('follows the address in the endpoint, both in network byte order', () => {
    expect(read(ANNOUNCE_QUERY).endpoint).toMatch(/^cb007107c8d5/)
    expect(read(ANNOUNCE_QUERY, address('2001:db8::7')).endpoint).toBe('20010db8000000000000000000000007c8d5')
  })
})

describe('byte counts', () => {
  it.each([
    ['0', 0n],
    ['00', 0n],
    ['1', 1n],
    ['4294967296', 4294967296n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', UNKNOWN_LEFT],
    ['18446744073709551615', UNKNOWN_LEFT],
    ['99999999999999999999', UNKNOWN_LEFT],
    ['', UNKNOWN_LEFT],
    ['-1', UNKNOWN_LEFT],
    ['abc', UNKNOWN_LEFT],
    ['0x0', UNKNOWN_LEFT],
    ['0.0', UNKNOWN_LEFT],
    ['+0', UNKNOWN_LEFT],
    ['0'.repeat(21), UNKNOWN_LEFT],
  ])('reads left %p as %p', (text, left) => {
    expect(plus(`left=${text}`).left).toBe(left)
  })

  it('treats a client that omits left as a leecher', () => {
    expect(read(WITHOUT_LEFT).left).toBe(UNKNOWN_LEFT)
  })

  it('reads uploaded and downloaded, and 0 for invalid values', () => {
    expect(plus('uploaded=12345678901&downloaded=98765432109')).toMatchObject({
      uploaded: 12345678901n,
      downloaded: 98765432109n,
    })
    expect(plus('uploaded=-5&downloaded=NaN')).toMatchObject({ uploaded: 0n, downloaded: 0n })
  })

  it('keeps nothing of the previous request', () => {
    const announce = new AnnounceQuery(50, 200)
    readInto(
      announce,
      `${ANNOUNCE_QUERY}&left=7&uploaded=8&downloaded=9&key=5&event=started&numwant=3&compact=0`,
      CLIENT,
    )
    readInto(announce, WITHOUT_LEFT.replace('&uploaded=0&downloaded=0', ''), CLIENT)
    const { words, key, event, numwant, wantsPeerIds } = announce.request
    expect(Buffer.from(words.buffer, 40).toString('hex')).toBe('00000000000000007fffffffffffffff0000000000000000')
    expect({ key, event, numwant, wantsPeerIds }).toEqual({
      key: 0,
      event: AnnounceEvent.None,
      numwant: 50,
      wantsPeerIds: false,
    })
  })
})

describe('the other parameters', () => {
  it.each([
    ['started', AnnounceEvent.Started],
    ['STARTED', AnnounceEvent.Started],
    ['completed', AnnounceEvent.Completed],
    ['stopped', AnnounceEvent.Stopped],
    ['Paused', AnnounceEvent.Paused],
    ['start%65d', AnnounceEvent.Started],
    ['empty', AnnounceEvent.None],
    ['', AnnounceEvent.None],
    ['update', AnnounceEvent.None],
    ['foo', AnnounceEvent.None],
    ['x'.repeat(7000), AnnounceEvent.None],
  ])('reads event %p as %p', (text, event) => {
    expect(plus(`event=${text}`)).toMatchObject({ outcome: HttpOutcome.Read, request: { event } })
  })

  it.each([
    ['0', 0],
    ['1', 1],
    ['200', 200],
    ['201', 200],
    ['1000000', 200],
    ['99999999999999999999', 200],
    ['9'.repeat(30), 50],
    ['-1', 50],
    ['', 50],
    ['x', 50],
  ])('reads numwant %p as %p', (text, numwant) => {
    expect(plus(`numwant=${text}`).request.numwant).toBe(numwant)
  })

  it.each([
    ['numwant=0&event=started', 50],
    ['event=started&numwant=0', 50],
    ['event=STARTED&numwant=00', 50],
    ['event=started&numwant=0&left=abc', 50],
    ['event=started&numwant=0&left=4294967296', 50],
    ['event=started&numwant=1', 1],
    ['event=started&numwant=0&left=0', 0],
    ['event=completed&numwant=0', 0],
    ['event=paused&numwant=0', 0],
    ['event=stopped&numwant=0', 0],
    ['event=&numwant=0', 0],
  ])('leaves the number of peers to the tracker when a download starts: %s is %i', (pairs, numwant) => {
    expect(plus(pairs).request.numwant).toBe(numwant)
  })

  it('treats a missing left as a download when no peers are wanted at its start', () => {
    expect(read(`${WITHOUT_LEFT}&event=started&numwant=0`).request.numwant).toBe(50)
  })

  it('never wants more peers than the maximum, not even by default', () => {
    const announce = new AnnounceQuery(50, 10)
    readInto(announce, ANNOUNCE_QUERY, CLIENT)
    expect(announce.request.numwant).toBe(10)
  })

  it.each([
    ['compact=0', { isCompact: false, wantsPeerIds: true }],
    ['compact=0&no_peer_id=1', { isCompact: false, wantsPeerIds: false }],
    ['compact=0&no_peer_id=0', { isCompact: false, wantsPeerIds: true }],
    ['compact=1&no_peer_id=1', { isCompact: true, wantsPeerIds: false }],
    ['compact=2', { isCompact: true, wantsPeerIds: false }],
    ['compact=true', { isCompact: true, wantsPeerIds: false }],
    ['compact=', { isCompact: true, wantsPeerIds: false }],
    ['compact=00', { isCompact: true, wantsPeerIds: false }],
  ])('reads %s', (pairs, expected) => {
    const { announce, request } = plus(pairs)
    expect({ isCompact: announce.isCompact, wantsPeerIds: request.wantsPeerIds }).toEqual(expected)
  })

  it.each([
    ['A1B2C3D4', 0xa1b2c3d4 | 0],
    ['a1b2c3d4', 0xa1b2c3d4 | 0],
    ['00000001', 1],
    ['', 0],
  ])('reads the key %p as the number sent over UDP', (text, key) => {
    expect(plus(`key=${text}`).request.key).toBe(key)
  })

  it.each(['12345', 'Zx81kQ0p', '-1234567', '%00%ff', 'k'.repeat(5000)])(
    'maps the key %p to a number, always the same',
    (text) => {
      const { key } = plus(`key=${text}`).request
      expect(key).not.toBe(0)
      expect(plus(`key=${text}`).request.key).toBe(key)
      expect(plus(`key=${text}0`).request.key).not.toBe(key)
    },
  )

  it.each([
    'ip=8.8.8.8',
    'ip=localhost&ip=evil.example',
    'ipv4=None&ipv6=None',
    'ipv6=[::1]:80&ipv6=2001:4860::1',
    'trackerid=%ff&supportcrypto=1&requirecrypto=1&cryptoport=1&azudp=1&corrupt=0',
    '__proto__=1&constructor=2&toString=3',
    '&&&a&b&=c&',
    'ip=%zz',
    '%zz=1',
  ])('ignores %s', (pairs) => {
    const plain = read(ANNOUNCE_QUERY)
    const odd = plus(pairs)
    expect(odd.outcome).toBe(HttpOutcome.Read)
    expect(odd.endpoint).toBe(plain.endpoint)
    expect(odd.request.words).toEqual(plain.request.words)
  })

  it('accepts the probe of newTrackon', () => {
    const query = NEWTRACKON_TARGET.slice('/announce?'.length)
    expect(read(query)).toMatchObject({
      outcome: HttpOutcome.Read,
      infoHash: AWKWARD_INFO_HASH.hex,
      left: 0n,
      request: { port: 6881, family: Family.IPv4, wantsBothFamilies: true },
    })
  })
})

describe('any query', () => {
  it('may have 128 pairs and is rejected beyond', () => {
    const filled = (pairs: number) =>
      read(`${ANNOUNCE_QUERY}${'&x=1'.repeat(pairs - ANNOUNCE_QUERY.split('&').length)}`)
    expect(filled(128).outcome).toBe(HttpOutcome.Read)
    expect(filled(129).outcome).toBe(HttpOutcome.TooManyParameters)
  })

  it('never throws, and is read only with a hash and a peer id of 20 bytes', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'info_hash=',
        'peer_id=',
        'port=',
        'left=',
        'event=',
        'key=',
        'numwant=',
        'compact=0',
        '&',
        '=',
        '%',
        '%4',
        '%zz',
      ),
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const query = pieces.join('')
        const { outcome, request } = read(query)
        expect(request.words).toHaveLength(16)
        expect(outcome === HttpOutcome.Read && !/peer_id/.test(query)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('reads back any hash and peer id, however they are escaped', () => {
    const id = fc.uint8Array({ minLength: 20, maxLength: 20 })
    const escaped = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').replace(/../g, '%$&')
    fc.assert(
      fc.property(id, id, fc.integer({ min: 1, max: 65535 }), (hash, peer, port) => {
        const { infoHash, peerId, request } = read(`port=${port}&peer_id=${escaped(peer)}&info_hash=${escaped(hash)}`)
        expect([infoHash, peerId, request.port]).toEqual([
          Buffer.from(hash).toString('hex'),
          Buffer.from(peer).toString('latin1'),
          port,
        ])
      }),
    )
  })
})

describe('ip', () => {
  const announce = new AnnounceQuery(50, 200, new IpParameter(undefined))

  /** Family and endpoint for a client that adds `pairs` to its query, as text. */
  function listed(pairs: string, client: string, by = announce): string {
    const query = `${ANNOUNCE_QUERY}&${pairs}`
    expect(readInto(by, query, address(client))).toBe(HttpOutcome.Read)
    const { family, endpoint } = by.request
    expect(by.listed.family).toBe(family)
    const bytes = Buffer.from(endpoint.buffer)
    const length = family === Family.IPv4 ? 4 : 16
    expect(bytes.readUInt16BE(length)).toBe(51413)
    expect(Buffer.from(by.listed.bytes.slice(0, length))).toEqual(bytes.subarray(0, length))
    return family === Family.IPv4 ? bytes.subarray(0, 4).join('.') : bytes.toString('hex', 0, 16)
  }

  const IPV6 = `2600${'0'.repeat(27)}1`
  const SOURCES = ['127.0.0.1', '127.255.255.255', '10.1.1.1', '172.16.0.1', '192.168.1.1', '169.254.1.1', '100.64.0.1']

  it.each([...SOURCES, '::1', 'fd00::1', 'fe80::1', '::ffff:10.1.1.1'])('is honoured from %s', (client) => {
    expect(listed('ip=8.8.8.8', client)).toBe('8.8.8.8')
    expect(listed('ip=2600::1', client)).toBe(IPV6)
    expect(listed('ip=2600%3A%3A1', client)).toBe(IPV6)
    expect(listed('ip=::ffff:8.8.8.8', client)).toBe('8.8.8.8')
  })

  it.each(['99.1.1.1', '126.255.255.255', '128.0.0.1', '192.0.2.1', '100.128.0.1', '198.18.0.1'])(
    'is ignored from %s',
    (client) => {
      expect(listed('ip=8.8.8.8', client)).toBe(client)
      expect(listed('ip=2600::1', client)).toBe(client)
    },
  )

  it.each(['2600::2', '2001:db8::1', '200::1', '::ffff:99.1.1.1'])('is ignored from %s', (client) => {
    expect(listed('ip=8.8.8.8', client)).toBe(listed('', client))
  })

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '203.0.113.1',
    '::',
    '::1',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '200::1',
    '100::1',
    '64:ff9b::10.0.0.1',
    '::ffff:127.0.0.1',
  ])('is ignored if it is %s, which is not global', (ip) => {
    expect(listed(`ip=${ip}`, '127.0.0.1')).toBe('127.0.0.1')
  })

  it.each([
    '',
    'tracker.example.org',
    'localhost',
    'None',
    '8.8.8',
    '8.8.8.8.8',
    '8.8.8.256',
    '08.8.8.8',
    '8.8.8.8:6881',
    '134744072',
    '0x08080808',
    '8.8.8.8/32',
    '%208.8.8.8',
    '8.8.8.8%20',
    '8.8.8.8%00',
    '%zz8.8.8.8',
    '[2600::1]',
    '[2600::1]:6881',
    '2600::1%25eth0',
    '2600:::1',
    '2600::1::',
    ':2600::1',
    '2600::12345',
    '8.8.8.8,9.9.9.9',
    `2600::${'0'.repeat(4000)}1`,
    '%e8.8.8.8',
    '٨.8.8.8',
  ])('is ignored if it is malformed: %p', (ip) => {
    expect(listed(`ip=${ip}`, '127.0.0.1')).toBe('127.0.0.1')
  })

  it.each(['ipv4=8.8.8.8', 'ipv6=2600::1', 'IP=8.8.8.8', 'i=8.8.8.8', 'ip', 'ip&8.8.8.8', 'xip=8.8.8.8'])(
    'is no other parameter: %s',
    (pair) => {
      expect(listed(pair, '127.0.0.1')).toBe('127.0.0.1')
    },
  )

  it('counts as it was given last, as other parameters do', () => {
    expect(listed('ip=9.9.9.9&ip=8.8.8.8', '127.0.0.1')).toBe('8.8.8.8')
    expect(listed('ip=8.8.8.8&ip=10.0.0.1', '127.0.0.1')).toBe('127.0.0.1')
    expect(listed('ip=8.8.8.8&ip=junk', '127.0.0.1')).toBe('127.0.0.1')
  })

  it('is forgotten before the next query', () => {
    expect(listed('ip=8.8.8.8', '127.0.0.1')).toBe('8.8.8.8')
    expect(listed('', '127.0.0.1')).toBe('127.0.0.1')
    expect(readInto(announce, 'ip=8.8.8.8', address('127.0.0.1'))).toBe(HttpOutcome.MissingInfoHash)
    expect(listed('', '10.0.0.1')).toBe('10.0.0.1')
  })

  it('is ignored if it is in a configured range, whose addresses are not global', () => {
    const network = { bytes: Uint8Array.of(99, 7, 0, 0), prefixBits: 16 }
    const ranged = new AnnounceQuery(50, 200, new IpParameter(new AddressRanges([[network]])))
    expect(listed('ip=99.7.1.1', '127.0.0.1', ranged)).toBe('127.0.0.1')
    expect(listed('ip=99.8.1.1', '127.0.0.1', ranged)).toBe('99.8.1.1')
  })

  it('is ignored by listeners that do not honour it, from anywhere', () => {
    const strict = new AnnounceQuery(50, 200)
    for (const client of ['127.0.0.1', '10.0.0.1', '99.1.1.1']) {
      expect(listed('ip=8.8.8.8', client, strict)).toBe(client)
    }
  })
})

describe('names in the usual form', () => {
  const NAMES = [
    'info_hash',
    'peer_id',
    'port',
    'uploaded',
    'downloaded',
    'left',
    'event',
    'key',
    'numwant',
    'compact',
    'no_peer_id',
    'passkey',
    'ip',
    'info_hasi',
    'peer_ie',
    'ports',
    'uploadee',
    'downloade',
    'lef',
    'events',
    'ke',
    'numwanted',
    'no_peer_i',
    'x',
    '',
  ]
  const escaped = (name: string) => (name === '' ? '' : `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`)
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom('%', '+', '0', '1', '9', 'a', 'F', '=', 'x', '%41', '%ff', '%26') }),
    fc.constantFrom(
      '1',
      '51413',
      'started',
      'completed',
      'aaaaaaaabbbbbbbbcccc',
      '1a2B3c4D',
      '1.2.3.4',
      'k'.repeat(32),
    ),
    fc.string({ unit: fc.constantFrom('%0f', '%Ff', 'z', '+'), minLength: 19, maxLength: 21 }),
  )
  const pair = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('=', '=', '=', ''), value)

  it('are read as escaped ones are', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), fc.constantFrom('', '&', '&&', '&port', '&po'), (pairs, end) => {
        const query = (name: (name: string) => string) =>
          pairs.map(([first, equals, rest]) => `${name(first)}${equals}${rest}`).join('&') + end
        const facts = (text: string) => {
          const { outcome, announce, request, ...others } = read(text)
          if (outcome !== HttpOutcome.Read) return { outcome }
          const { credentials, event, key, port, numwant, wantsPeerIds, words } = request
          return {
            outcome,
            ...others,
            credentials,
            event,
            key,
            port,
            numwant,
            wantsPeerIds,
            words,
            compact: announce.isCompact,
          }
        }
        expect(facts(query((name) => name))).toEqual(facts(query(escaped)))
      }),
      { numRuns: 2000 },
    )
  })

  it('end before what is left in the memory of a longer query', () => {
    const memory = Buffer.from(`${ANNOUNCE_QUERY}&port=1234567`, 'latin1')
    const announce = new AnnounceQuery(50, 200)
    for (let to = ANNOUNCE_QUERY.length; to <= memory.length; to++) {
      const alone = new AnnounceQuery(50, 200)
      announce.read(memory, 0, to, CLIENT)
      alone.read(Buffer.from(memory.subarray(0, to)), 0, to, CLIENT)
      expect([to, announce.request.port]).toEqual([to, alone.request.port])
    }
  })

  it('count towards the limit of pairs with all others', () => {
    const withPairs = (count: number) => read(`${ANNOUNCE_QUERY}${'&port=1&x=1'.repeat(count)}`).outcome
    const own = ANNOUNCE_QUERY.split('&').length
    expect(withPairs((128 - own) >> 1)).toBe(HttpOutcome.Read)
    expect(withPairs(((128 - own) >> 1) + 1)).toBe(HttpOutcome.TooManyParameters)
  })
})
