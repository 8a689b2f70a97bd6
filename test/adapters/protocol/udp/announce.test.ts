import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  readAnnounceReply,
  readAnnounceRequest,
  writeAnnounceReply,
  writeAnnounceRequest,
} from '../../../../src/adapters/protocol/udp/announce.ts'
import { AnnounceEvent, AnnounceReply, AnnounceRequest, Family, PeerRoom } from '../../../../src/domain/announce.ts'
import {
  ANNOUNCE,
  ANNOUNCE_OF_A_PROBE,
  ANNOUNCE_PAUSED,
  ANNOUNCE_REPLY,
  ANNOUNCE_REPLY_IPV6,
  ANNOUNCE_REPLY_WHEN_FULL,
  ANNOUNCE_REPLY_WITHOUT_PEERS,
  anAnnounce,
  bytesOf,
  hexOf,
  INFO_HASH,
  PEER_A,
  PEER_B,
  PEER_IPV6,
} from '../../../fixtures/udp-vectors.ts'

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function aReply(intervalSeconds: number, leechers: number, seeders: number): AnnounceReply {
  const reply = new AnnounceReply(new PeerRoom(new Uint16Array(0)), new PeerRoom(new Uint16Array(0)))
  return Object.assign(reply, { intervalSeconds, leechers, seeders })
}

function requestIn(hex: string): AnnounceRequest {
  const request = new AnnounceRequest()
  readAnnounceRequest(viewOf(bytesOf(hex)), 0, request)
  return request
}

const aClientAnnounce = {
  connectionId: 0x84789586864995b4n,
  transactionId: 0x3f2a1b0c,
  infoHash: bytesOf(INFO_HASH),
  peerId: new Uint8Array(Buffer.from('-qB5240-abcdefghijkl')),
  downloaded: 0n,
  left: 1048576n,
  uploaded: 0n,
  event: AnnounceEvent.Started,
  key: 0xa1b2c3d4 | 0,
  numwant: -1,
  port: 51413,
}

describe('an announce request', () => {
  it('is written as laid out by hand', () => {
    const bytes = new Uint8Array(98)
    expect(writeAnnounceRequest(viewOf(bytes), 0, aClientAnnounce)).toBe(98)
    expect(hexOf(bytes)).toBe(ANNOUNCE)
  })

  it('is read as laid out by hand', () => {
    const { event, key, numwant, port } = requestIn(ANNOUNCE)
    expect({ event, key, numwant, port }).toEqual({ event: 2, key: 0xa1b2c3d4 | 0, numwant: -1, port: 51413 })
  })

  it('may be paused, as partial seeds send it', () => {
    expect(requestIn(ANNOUNCE_PAUSED).event).toBe(AnnounceEvent.Paused)
  })

  it("is read from newTrackon's probe", () => {
    const { event, key, numwant, port } = requestIn(ANNOUNCE_OF_A_PROBE)
    expect({ event, key, numwant, port }).toEqual({ event: 2, key: 42, numwant: -1, port: 30461 })
  })

  it.each(['00000005', 'ffffffff', '01000002', '00000100'])('has no event if the value is %s', (event) => {
    expect(requestIn(anAnnounce({ event })).event).toBe(AnnounceEvent.None)
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(AnnounceEvent)),
        fc.integer(),
        fc.integer(),
        fc.integer({ min: 0, max: 65535 }),
        (event, key, numwant, port) => {
          const wire = new DataView(new ArrayBuffer(102))
          writeAnnounceRequest(wire, 4, { ...aClientAnnounce, event, key, numwant, port })
          const request = new AnnounceRequest()
          readAnnounceRequest(wire, 4, request)
          expect(request).toMatchObject({ event, key, numwant, port })
        },
      ),
    )
  })
})

describe('an announce reply', () => {
  it.each([
    { reply: aReply(1920, 3, 1), peers: PEER_A + PEER_B, wire: ANNOUNCE_REPLY },
    { reply: aReply(1920, 1, 0), peers: '', wire: ANNOUNCE_REPLY_WITHOUT_PEERS },
    { reply: aReply(3600, 0, 0), peers: '', wire: ANNOUNCE_REPLY_WHEN_FULL },
  ])('is written as laid out by hand: $wire', ({ reply, peers, wire }) => {
    const bytes = bytesOf('00'.repeat(20) + peers)
    expect(writeAnnounceReply(viewOf(bytes), 0, 0x3f2a1b0c, reply)).toBe(20)
    expect(hexOf(bytes)).toBe(wire)
  })

  it('is read as laid out by hand', () => {
    const reply = readAnnounceReply(viewOf(bytesOf(ANNOUNCE_REPLY)), Family.IPv4)
    expect(reply).toEqual({
      transactionId: 0x3f2a1b0c,
      intervalSeconds: 1920,
      leechers: 3,
      family: Family.IPv4,
      seeders: 1,
      peers: bytesOf(PEER_A + PEER_B),
    })
  })

  it('has 18 bytes per peer over IPv6', () => {
    const reply = readAnnounceReply(viewOf(bytesOf(ANNOUNCE_REPLY_IPV6)), Family.IPv6)
    expect(reply?.peers).toEqual(bytesOf(PEER_IPV6))
  })

  it('is rejected if the last peer is truncated', () => {
    expect(readAnnounceReply(viewOf(bytesOf(ANNOUNCE_REPLY).subarray(0, 31)), Family.IPv4)).toBeUndefined()
  })

  it('is read from any bytes without throwing, and rejected below 20 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(Family.IPv4, Family.IPv6), (bytes, family) => {
        const reply = readAnnounceReply(viewOf(bytes), family)
        if (bytes.length < 20) expect(reply).toBeUndefined()
      }),
    )
  })
})
