// Bad and odd datagrams against the running tracker, over both drivers and both address families. After every row the
// process is alive, an honest client is served, and the row's torrent holds exactly what it should.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceDatagram, compactPeers, errorText, scrapeDatagram, TRANSACTION } from '../fixtures/udp-datagrams.ts'
import { UDP_ROWS } from './bad-udp-rows.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

describe.each(DRIVERS)('the %s driver', (driver) => {
  let tracker: TrackerProcess

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0', '[::1]:0'], driver }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  describe.each([
    ['IPv4', 0, '127.0.0.1'],
    ['IPv6', 1, '[::1]'],
  ] as const)('over %s', (_family, listener, own) => {
    let client: UdpClient
    let honest: UdpClient
    let id: Buffer
    const honestTorrent = anInfoHash()

    beforeAll(async () => {
      client = await UdpClient.open(tracker.udp[listener] ?? '')
      honest = await UdpClient.open(tracker.udp[listener] ?? '')
      id = await client.connectionId()
    })
    afterAll(() => {
      client.close()
      honest.close()
    })

    async function expectUnharmed(): Promise<void> {
      expect(tracker.isRunning).toBe(true)
      expect(await honest.announce({ infoHash: honestTorrent, port: 6881 })).toMatchObject({ leechers: 1, seeders: 0 })
    }

    async function counts(infoHash: Buffer): Promise<string> {
      const [row] = await honest.scrape(infoHash)
      return `${row?.seeders}/${row?.completed}/${row?.leechers}`
    }

    it.each(UDP_ROWS)('answers $input as it should ($id)', async (row) => {
      const infoHash = anInfoHash()
      for (const earlier of row.before ?? []) await client.ask(announceDatagram(id, { infoHash, ...earlier }))
      const datagram = row.datagram({ id, infoHash })
      const answers = await client.exchange(datagram)

      if (row.answer === 'silence') {
        expect(answers).toEqual([])
      } else {
        expect(answers).toHaveLength(1)
        const [answer = Buffer.alloc(0)] = answers
        expect(answer.readUInt32BE(4)).toBe(row.transaction ?? TRANSACTION)
        if ('error' in row.answer) {
          expect(answer.readUInt32BE(0)).toBe(3)
          expect(errorText(answer)).toBe(row.answer.error)
        } else {
          expect(answer.readUInt32BE(0)).toBe(datagram.readUInt32BE(8))
          const { bytes = answer.length, peers } = row.answer
          expect(answer).toHaveLength(peers === undefined ? bytes : 20 + peers * client.stride)
        }
      }

      expect(await counts(infoHash)).toBe(row.counts ?? '0/0/0')
      const newcomer = await honest.announce({ infoHash, peerId: '-TR3000-newcomer0000', port: 7001 })
      expect(newcomer.peers.sort()).toEqual((row.listed ?? []).map((port) => `${own}:${port}`).sort())
      await expectUnharmed()
    })

    it('rejects an id with any single bit flipped (BU-18)', async () => {
      const infoHash = anInfoHash()
      for (let bit = 0; bit < 64; bit++) {
        const flipped = Buffer.from(id)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(errorText(await client.ask(announceDatagram(flipped, { infoHash })))).toBe('Connection ID mismatch.')
      }
      expect(await counts(infoHash)).toBe('0/0/0')
      await expectUnharmed()
    })

    it('accepts an id from another port of the same address (BU-16)', async () => {
      const infoHash = anInfoHash()
      const foreign = await honest.connectionId()
      expect(await client.ask(announceDatagram(foreign, { infoHash }))).toHaveLength(20)
      expect(await counts(infoHash)).toBe('0/0/1')
    })

    it('limits the peers in a reply to the requested number and to what fits (BU-37, BU-40)', async () => {
      const infoHash = anInfoHash()
      const peers = client.stride === 6 ? 210 : 80
      for (let index = 0; index < peers; index++) {
        const peerId = `-XX0000-${String(index).padStart(12, '0')}`
        await honest.announce({ infoHash, peerId, port: 10_000 + index })
      }
      const cap = client.stride === 6 ? 200 : 67
      for (const [numwant, most] of [
        [0xffffffff, 50],
        [0x80000000, 50],
        [0x7fffffff, cap],
        [7, 7],
      ] as const) {
        const answer = await client.ask(announceDatagram(id, { infoHash, numwant }))
        const listed = compactPeers(answer.subarray(20), client.stride)
        expect(listed).toHaveLength(most)
        expect(new Set(listed)).toHaveProperty('size', most)
        expect(listed).not.toContain(`${own}:51413`)
      }
    })

    it('serves info hashes of zeros and of ones like any other (BU-46)', async () => {
      for (const byte of [0x00, 0xff]) {
        const infoHash = Buffer.alloc(20, byte)
        expect(await client.announce({ infoHash })).toMatchObject({ leechers: 1 })
        expect(await client.announce({ infoHash, event: 3 })).toMatchObject({ leechers: 0 })
      }
    })

    it('never answers garbage without a valid id with more bytes than it received (SEC-01, SEC-25)', async () => {
      for (let length = 0; length <= 200; length++) {
        const datagram = scrapeDatagram(Buffer.alloc(8, length), [Buffer.alloc(200, 31 * length)]).subarray(0, length)
        const answers = await client.exchange(datagram)
        expect(answers.length).toBeLessThanOrEqual(1)
        expect(answers[0]?.length ?? 0).toBeLessThanOrEqual(length)
      }
      await expectUnharmed()
    })
  })

  it('binds an id to the address it was issued to', async () => {
    const infoHash = anInfoHash()
    const client = await UdpClient.open(tracker.udp[0] ?? '', '127.0.0.1')
    const other = await UdpClient.open(tracker.udp[0] ?? '', '127.0.0.2')
    const answer = await other.ask(announceDatagram(await client.connectionId(), { infoHash }))
    expect(errorText(answer)).toBe('Connection ID mismatch.')
    expect(await other.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 0 }])
    client.close()
    other.close()
  })

  it('lets no client stop a peer of another address (SEC-13)', async () => {
    const infoHash = anInfoHash()
    const victim = await UdpClient.open(tracker.udp[0] ?? '', '127.0.0.1')
    const attacker = await UdpClient.open(tracker.udp[0] ?? '', '127.0.0.2')
    await victim.announce({ infoHash })
    for (const port of [51413, 0]) await attacker.announce({ infoHash, event: 3, port })
    expect(await victim.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 1 }])
    victim.close()
    attacker.close()
  })
})
