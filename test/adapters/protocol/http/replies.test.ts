import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IpAddress, readAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { AnnounceReplyWriter } from '../../../../src/adapters/protocol/http/announce-reply-writer.ts'
import { readBencoded } from '../../../../src/adapters/protocol/http/bencode-reader.ts'
import type { BencodeWriter } from '../../../../src/adapters/protocol/http/bencode-writer.ts'
import { failureHead, writeFailure } from '../../../../src/adapters/protocol/http/failure-reply.ts'
import { ScrapeReplyWriter } from '../../../../src/adapters/protocol/http/scrape-reply-writer.ts'
import { type PeerRoom, Warning } from '../../../../src/domain/announce.ts'
import { SwarmCounts } from '../../../../src/domain/scrape.ts'
import { INFO_HASH, OTHER_INFO_HASH, REPLY } from '../../../fixtures/http-vectors.ts'

function written(out: BencodeWriter): Buffer {
  return Buffer.from(out.bytes.subarray(0, out.at))
}

function address(text: string): IpAddress {
  const read = new IpAddress()
  readAddress(text, 0, text.length, read)
  return read
}

interface Figures {
  seeders?: number
  completed?: number
  leechers?: number
  interval?: number
  min?: number
}
function aReply(
  { seeders = 0, completed = 0, leechers = 1, interval = 1800, min = 300 }: Figures = {},
  maxPeersPerAnnounce = 200,
) {
  const writer = new AnnounceReplyWriter(maxPeersPerAnnounce)
  const reply = writer.begin()
  reply.seeders = seeders
  reply.completed = completed
  reply.leechers = leechers
  reply.intervalSeconds = interval
  reply.minIntervalSeconds = min
  return writer
}

/** Writes peers into a room as the tracker does: endpoints in hex, ids as text. */
function fill(room: PeerRoom, endpoints: readonly string[], ids: readonly string[] = []) {
  Buffer.from(room.halfwords.buffer).write(endpoints.join(''), room.at * 2, 'hex')
  Buffer.from(room.ids.buffer).write(ids.join(''), 'latin1')
  room.count = endpoints.length
}

describe('the reply to an announce', () => {
  it('has an empty list of peers rather than none', () => {
    const writer = aReply({ interval: 1920 })
    writer.writeCompact(undefined, 6881)
    expect(written(writer.out)).toEqual(REPLY.empty)
  })

  it('is complete for a swarm that no longer exists', () => {
    const writer = aReply({ leechers: 0 })
    writer.writeCompact(undefined, 0)
    expect(written(writer.out)).toEqual(REPLY.stopped)
  })

  it('has six bytes per peer and the client address', () => {
    const writer = aReply({ seeders: 1, completed: 13772, leechers: 3, interval: 1920 })
    fill(writer.reply.ipv4, ['c633640a1ae1', 'c0000237c8d5'])
    writer.writeCompact(address('203.0.113.7'), 6881)
    expect(written(writer.out)).toEqual(REPLY.compact)
  })

  it('has sixteen bytes for the address of an IPv6 client', () => {
    const writer = aReply()
    writer.writeCompact(address('2001:db8::7'), 6881)
    expect(written(writer.out).toString('latin1')).toContain('11:external ip16:\x20\x01\x0d\xb8')
  })

  it('has eighteen bytes per IPv6 peer, in peers6', () => {
    const writer = aReply({ seeders: 1, leechers: 2 })
    fill(writer.reply.ipv4, ['c633640a1ae1'])
    fill(writer.reply.ipv6, ['20010db800000000000000000000000a1ae1'])
    writer.writeCompact(undefined, 6881)
    expect(written(writer.out)).toEqual(REPLY.bothFamilies)
  })

  it('lists peers of both families with their ids', () => {
    const writer = aReply({ seeders: 1 })
    fill(writer.reply.ipv4, ['c633640a1ae1'], ['-TR4100-0123456789ab'])
    fill(writer.reply.ipv6, ['20010db800000000000000000000000ac8d5'], ['-qB5240-abcdefghijkl'])
    writer.writeList(undefined, 6881, true)
    expect(written(writer.out)).toEqual(REPLY.list)
  })

  it('lists peers without their ids', () => {
    const writer = aReply({ seeders: 1 })
    fill(writer.reply.ipv4, ['c633640a1ae1'])
    writer.writeList(undefined, 6881, false)
    expect(written(writer.out)).toEqual(REPLY.listWithoutIds)
  })

  it('warns about a port that is not handed out', () => {
    const writer = aReply()
    writer.reply.warning = Warning.DeniedPort
    writer.writeCompact(undefined, 25)
    expect(written(writer.out)).toEqual(REPLY.warning)
  })

  it('has room for the longest list', () => {
    const writer = aReply({ seeders: 2147483647, completed: 2147483647, leechers: 2147483647, interval: 10800 }, 20)
    writer.reply.warning = Warning.DeniedPort
    const longest = Array.from({ length: 20 }, (_, index) => `${'1234'.repeat(7)}ffff${(60000 + index).toString(16)}`)
    fill(writer.reply.ipv6, longest, Array(20).fill('e'.repeat(20)))
    writer.writeList(address('2001:db8::7'), 65535, true)
    const reply = readBencoded(written(writer.out)) as ReadonlyMap<string, unknown[]>
    expect(reply.get('peers')).toHaveLength(20)
    expect(reply.get('peers')?.[19]).toEqual(
      new Map<string, unknown>([
        ['ip', Uint8Array.from(Buffer.from('1234:1234:1234:1234:1234:1234:1234:ffff'))],
        ['peer id', Uint8Array.from(Buffer.from('e'.repeat(20)))],
        ['port', 60019],
      ]),
    )
  })

  it('is well-formed bencoding with sorted keys, whatever the numbers and peers', () => {
    const figure = fc.integer({ min: 0, max: 0x7fffffff })
    const peers = (bytes: number) => fc.array(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { maxLength: 10 })
    const cases = fc.record({ seeders: figure, completed: figure, leechers: figure, interval: figure, min: figure })
    fc.assert(
      fc.property(cases, peers(6), peers(18), fc.boolean(), fc.boolean(), (figures, v4, v6, isList, hasIds) => {
        const writer = aReply(figures, 20)
        fill(
          writer.reply.ipv4,
          v4.map((bytes) => Buffer.from(bytes).toString('hex')),
        )
        fill(
          writer.reply.ipv6,
          v6.map((bytes) => Buffer.from(bytes).toString('hex')),
        )
        if (isList) writer.writeList(address('203.0.113.7'), 25, hasIds)
        else writer.writeCompact(address('2001:db8::7'), 25)
        const reply = readBencoded(written(writer.out)) as ReadonlyMap<string, unknown>
        expect(reply.get('complete')).toBe(figures.seeders)
        expect(reply.get('min interval')).toBe(figures.min)
        const found = isList
          ? (reply.get('peers') as unknown[]).length
          : (reply.get('peers') as Uint8Array).length / 6 + ((reply.get('peers6') as Uint8Array)?.length ?? 0) / 18
        expect(found).toBe(v4.length + v6.length)
      }),
    )
  })
})

describe('the reply to a scrape', () => {
  const counts = (seeders: number, completed: number, downloaders: number, leechers: number) =>
    Object.assign(new SwarmCounts(), { seeders, completed, downloaders, leechers })

  it('has one dictionary per hash, and the minimum interval', () => {
    const writer = new ScrapeReplyWriter()
    writer.begin()
    writer.add(Buffer.from(INFO_HASH.hex, 'hex'), 0, counts(11, 13772, 19, 19))
    writer.add(Buffer.from(OTHER_INFO_HASH.hex, 'hex'), 0, counts(21, 206, 18, 20))
    writer.finish(900)
    expect(written(writer.out)).toEqual(REPLY.scrape)
  })

  it('has zeros for an unknown hash', () => {
    const writer = new ScrapeReplyWriter()
    writer.begin()
    writer.add(Buffer.from(INFO_HASH.hex, 'hex'), 0, new SwarmCounts())
    writer.finish(900)
    expect(written(writer.out)).toEqual(REPLY.scrapeOfUnknown)
  })

  it('has room for 74 hashes with the largest numbers', () => {
    const writer = new ScrapeReplyWriter()
    const largest = counts(0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff)
    writer.begin()
    for (let i = 0; i < 74; i++) writer.add(new Uint8Array(20).fill(i), 0, largest)
    writer.finish(10800)
    const reply = readBencoded(written(writer.out)) as ReadonlyMap<string, ReadonlyMap<string, unknown>>
    expect(reply.get('files')?.size).toBe(74)
  })
})

describe('a failure reply', () => {
  it('has the reason and the intervals', () => {
    const { out } = new AnnounceReplyWriter(0)
    writeFailure(out, failureHead('invalid info_hash'), 1920, 300)
    expect(written(out)).toEqual(REPLY.failure)
  })
})
