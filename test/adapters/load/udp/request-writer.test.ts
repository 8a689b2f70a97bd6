// Reads what the load generator writes with the tracker's own codec.

import { describe, expect, it } from '@jest/globals'
import { NextAnnounce } from '../../../../src/adapters/load/lifecycle.ts'
import { LoadRandom } from '../../../../src/adapters/load/load-random.ts'
import { populate } from '../../../../src/adapters/load/population.ts'
import { DatagramBatch, REQUEST_BYTES } from '../../../../src/adapters/load/udp/datagram-batch.ts'
import { RequestWriter } from '../../../../src/adapters/load/udp/request-writer.ts'
import { readAnnounceRequest } from '../../../../src/adapters/protocol/udp/announce.ts'
import { hasMagic } from '../../../../src/adapters/protocol/udp/connect.ts'
import { readHashCount } from '../../../../src/adapters/protocol/udp/scrape.ts'
import { UrlData } from '../../../../src/adapters/protocol/udp/url-data.ts'
import { AnnounceEvent, AnnounceRequest } from '../../../../src/domain/announce.ts'

const SLOT = 3
const SLOT_AT = SLOT * REQUEST_BYTES

function aWriter(path = '', torrents = 100) {
  const population = populate({ torrents, peers: 500, seed: 5, isEven: true })
  if (population === undefined) throw new Error('no population')
  const batch = new DatagramBatch()
  const { bytes, lengths } = batch.requests
  const written = () => bytes.subarray(SLOT_AT, SLOT_AT + lengths[SLOT])
  return {
    population,
    batch,
    written,
    wire: new DataView(bytes.buffer),
    writer: new RequestWriter(batch, population, 30, path),
  }
}

function saying(event: AnnounceEvent, isSeeding: boolean): NextAnnounce {
  return Object.assign(new NextAnnounce(), { event, isSeeding })
}

describe('the requests of a UDP load', () => {
  it('are announces that the codec reads', () => {
    const { population, wire, writer, written } = aWriter()
    writer.announce(SLOT, 0x11111111, 0x22222222, 0x33333333, 42, saying(AnnounceEvent.Completed, true))
    const request = new AnnounceRequest()
    readAnnounceRequest(wire, SLOT_AT, request)
    expect(written()).toHaveLength(98)
    expect(request).toMatchObject({ event: AnnounceEvent.Completed, numwant: 30, port: population.portOf[42] })
    expect(wire.getInt32(SLOT_AT + 8)).toBe(1)
    expect([0, 4, 12].map((at) => wire.getInt32(SLOT_AT + at))).toEqual([0x11111111, 0x22222222, 0x33333333])
    expect(wire.getBigUint64(SLOT_AT + 64)).toBe(0n)
    writer.announce(SLOT, 0, 0, 0, 42, saying(AnnounceEvent.Started, false))
    expect(wire.getBigUint64(SLOT_AT + 64)).toBe(52_428_800n)
  })

  it('name each peer by the id of a client, and each torrent by one hash', () => {
    const { population, writer, written } = aWriter()
    const ids = new Set<string>()
    const hashes = new Map<number, string>()
    for (let peer = 0; peer < population.peers; peer++) {
      writer.announce(SLOT, 0, 0, 0, peer, new NextAnnounce())
      const id = Buffer.from(written().subarray(36, 56)).toString('latin1')
      const hash = Buffer.from(written().subarray(16, 36)).toString('hex')
      expect(id).toMatch(/^-[A-Za-z]{2}[0-9A-Za-z]{4}-[A-P]{12}$/)
      expect(hashes.get(population.torrentOf[peer]) ?? hash).toBe(hash)
      hashes.set(population.torrentOf[peer], hash)
      ids.add(id)
    }
    expect(ids.size).toBe(population.peers)
    expect(new Set(hashes.values()).size).toBe(hashes.size)
  })

  it('are connects and scrapes', () => {
    const { wire, writer, written } = aWriter()
    writer.connect(SLOT, 7)
    expect(hasMagic(wire, SLOT_AT)).toBe(true)
    expect(written()).toHaveLength(16)
    writer.scrape(SLOT, 1, 2, 7, 74, new LoadRandom(1))
    expect(readHashCount(written().length)).toBe(74)
    expect(written()).toHaveLength(16 + 74 * 20)
    expect(wire.getInt32(SLOT_AT + 8)).toBe(2)
  })

  it('carry the path of the announce URL, also after a longer request in the same place', () => {
    const { batch, writer, written } = aWriter('/secretkey/announce')
    writer.scrape(SLOT, 1, 2, 7, 74, new LoadRandom(1))
    writer.announce(SLOT, 1, 2, 7, 3, new NextAnnounce())
    const urlData = new UrlData()
    expect(urlData.read(batch.requests.bytes, SLOT_AT, written().length)).toBe(true)
    expect(Buffer.from(urlData.source.subarray(urlData.from, urlData.to)).toString()).toBe('/secretkey/announce')
  })

  it('are never the same stranger twice', () => {
    const { writer, written } = aWriter()
    const random = new LoadRandom(1)
    const hashes = new Set<string>()
    const crowd = new Set<string>()
    for (let i = 0; i < 1000; i++) {
      writer.stranger(SLOT, 0, 0, 0, -1, random, new NextAnnounce())
      hashes.add(Buffer.from(written().subarray(16, 36)).toString('hex'))
      writer.stranger(SLOT, 0, 0, 0, 0, random, new NextAnnounce())
      crowd.add(Buffer.from(written().subarray(16, 36)).toString('hex'))
    }
    expect(hashes.size).toBe(1000)
    expect(crowd.size).toBe(1)
  })

  it('are garbage of 1 to 200 bytes', () => {
    const { writer, written } = aWriter()
    const random = new LoadRandom(1)
    const lengths = Array.from({ length: 2000 }, () => {
      writer.garbage(SLOT, random)
      return written().length
    })
    expect(Math.min(...lengths)).toBe(1)
    expect(Math.max(...lengths)).toBe(200)
  })

  it('name each torrent of a scrape once, even if they are all there are', () => {
    const { population, writer, written } = aWriter('', 20)
    const random = new LoadRandom(3)
    for (let scrape = 0; scrape < 50; scrape++) {
      writer.scrape(SLOT, 0, 0, 0, population.swarms, random)
      const hashes = Array.from({ length: population.swarms }, (_, index) =>
        Buffer.from(written().subarray(16 + 20 * index, 36 + 20 * index)).toString('hex'),
      )
      expect(new Set(hashes).size).toBe(population.swarms)
    }
  })
})
