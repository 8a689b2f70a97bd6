import { afterEach, describe, expect, it } from '@jest/globals'
import { CallError } from '../../../src/adapters/client/call-error.ts'
import { bep15Waits, type UdpClientOptions, UdpTrackerClient } from '../../../src/adapters/client/udp-tracker-client.ts'
import { closeServices, connectReply, freePort, udpService } from '../../fixtures/answering-services.ts'

const clients: UdpTrackerClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await closeServices()
})

const ID = Buffer.from('0102030405060708', 'hex')
const CALL = {
  infoHash: '11'.repeat(20),
  peerId: Buffer.alloc(20, 0x22),
  left: 0,
  event: 'started',
  key: 42,
  port: 6881,
} as const

type Answer = (request: Buffer) => Uint8Array | undefined

async function open(answer: Answer, options: UdpClientOptions = {}, host = '127.0.0.1'): Promise<UdpTrackerClient> {
  const client = await UdpTrackerClient.open({ host, port: await udpService(answer, host) }, options)
  clients.push(client)
  return client
}

/** Action, the request's transaction id, and the rest. */
function reply(request: Buffer, action: number, rest = ''): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, action]), request.subarray(12, 16), Buffer.from(rest, 'hex')])
}

function isConnect(request: Buffer): boolean {
  return request.readUInt32BE(8) === 0
}

/** Answers connects, and everything else with `answer`. */
function tracker(answer: Answer): Answer {
  return (request) => (isConnect(request) ? connectReply(request, ID) : answer(request))
}

/** Interval 1800, 2 leechers, 3 seeders, and no peers. */
const COUNTS = '000007080000000200000003'

describe('a client of a UDP tracker', () => {
  it('connects and announces', async () => {
    const asked: string[] = []
    const client = await open(
      tracker((request) => {
        asked.push(request.toString('hex'))
        return reply(request, 1, `${COUNTS}7f0000011ae1`)
      }),
      { newTransactionId: () => 7 },
    )
    expect(await client.announce(CALL)).toMatchObject({
      intervalSeconds: 1800,
      leechers: 2,
      seeders: 3,
      peers: [{ address: '127.0.0.1', port: 6881, family: 4 }],
      deviations: [],
    })
    expect(asked).toEqual([
      `${ID.toString('hex')}0000000100000007${'11'.repeat(20)}${'22'.repeat(20)}${'00'.repeat(24)}00000002000000000000002affffffff1ae1`,
    ])
  })

  it('sends every field of an announce', async () => {
    const asked: Buffer[] = []
    const client = await open(
      tracker((request) => {
        asked.push(request)
        return reply(request, 1, COUNTS)
      }),
    )
    const amounts = { uploaded: 1n, downloaded: 2, left: 2n ** 40n }
    await client.announce({ ...CALL, ...amounts, event: 'completed', ip: '192.0.2.7', key: 0xdeadbeef, numwant: 50 })
    const [request] = asked
    expect(request.subarray(56, 98).toString('hex')).toBe(
      '000000000000000200000100000000000000000000000001' + '00000001' + 'c0000207' + 'deadbeef' + '00000032' + '1ae1',
    )
  })

  it('announces and scrapes over IPv6', async () => {
    const client = await open(
      tracker((request) =>
        request.readUInt32BE(8) === 1
          ? reply(request, 1, `${COUNTS}20010db80000000000000000000000011ae1`)
          : reply(request, 2, '000000010000000200000003'),
      ),
      {},
      '::1',
    )
    expect(client.endpoint.family).toBe(6)
    expect((await client.announce(CALL)).peers).toEqual([{ address: '2001:db8::1', port: 6881, family: 6 }])
    expect((await client.scrape([CALL.infoHash])).entries).toEqual([
      { infoHash: CALL.infoHash, isReported: true, seeders: 1, completed: 2, leechers: 3 },
    ])
  })

  it('sends path and query of the URL in pieces of 255 bytes', async () => {
    const asked: Buffer[] = []
    const target = `/announce/${'k'.repeat(400)}?a=b`
    const client = await open(
      tracker((request) => {
        asked.push(request)
        return reply(request, 1, COUNTS)
      }),
      { target },
    )
    await client.announce(CALL)
    const options = asked[0].subarray(98)
    expect([options[0], options[1], options[257], options[258]]).toEqual([2, 255, 2, target.length - 255])
    expect(Buffer.concat([options.subarray(2, 257), options.subarray(259, -1)]).toString()).toBe(target)
    expect(options.at(-1)).toBe(0)
  })

  it('uses one connection id for all calls', async () => {
    const asked: number[] = []
    const client = await open((request) => {
      asked.push(request.readUInt32BE(8))
      return tracker((other) => reply(other, 1, COUNTS))(request)
    })
    await client.announce(CALL)
    await client.announce({ ...CALL, event: 'stopped' })
    expect(asked).toEqual([0, 1, 1])
  })

  it('serves calls at the same time', async () => {
    const client = await open(tracker((request) => reply(request, 2, request.subarray(16, 28).toString('hex'))))
    const hashes = Array.from({ length: 20 }, (_, index) => index.toString(16).padStart(8, '0').repeat(5))
    const answers = await Promise.all(hashes.map((hash) => client.scrape([hash])))
    expect(answers.map(({ entries }) => entries[0].seeders)).toEqual(hashes.map((_, index) => index))
  })
})

describe('silence of a UDP tracker', () => {
  it('is waited for as BEP 15 says by default', () => {
    expect(bep15Waits()).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3840].map((seconds) => seconds * 1000))
    expect(bep15Waits(100, 2)).toEqual([100, 200])
  })

  it('is met with the same request again', async () => {
    const asked: string[] = []
    const client = await open(
      (request) => {
        asked.push(request.toString('hex'))
        return asked.length % 2 === 0 ? tracker((other) => reply(other, 1, COUNTS))(request) : undefined
      },
      { waitsMs: [30, 20_000] },
    )
    await client.announce(CALL)
    expect(asked.length).toBe(4)
    expect([asked[1], asked[3]]).toEqual([asked[0], asked[2]])
  })

  it('is an error in the end, of the stage at which it began', async () => {
    const mute = await open(() => undefined, { waitsMs: [10, 20] })
    await expect(mute.announce(CALL)).rejects.toMatchObject({
      kind: 'timed-out',
      stage: 'connect',
      message: 'no answer within 30 ms',
    })
    const half = await open(
      tracker(() => undefined),
      { waitsMs: [10] },
    )
    await expect(half.scrape([CALL.infoHash])).rejects.toMatchObject({ kind: 'timed-out', stage: 'receive' })
  })

  it('makes the client ask for another connection id when it has used the old one before', async () => {
    let restarts = 0
    const asked: number[] = []
    const client = await open(
      (request) => {
        asked.push(request.readUInt32BE(8))
        if (isConnect(request)) return connectReply(request, Buffer.alloc(8, restarts))
        return request[0] === restarts ? reply(request, 1, COUNTS) : undefined
      },
      { waitsMs: [500, 20_000] },
    )
    await client.announce(CALL)
    restarts++
    await client.announce(CALL)
    expect(asked).toEqual([0, 1, 1, 0, 1])
  })

  it('ends when the caller aborts, or closes the client', async () => {
    const mute = await open(() => undefined)
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = mute.announce(CALL, { signal: controller.signal })
    controller.abort(reason)
    await expect(aborted).rejects.toMatchObject({ kind: 'aborted', stage: 'connect', cause: reason })
    await expect(mute.scrape([CALL.infoHash], { signal: controller.signal })).rejects.toMatchObject({ kind: 'aborted' })
    const late = mute.announce(CALL, { signal: AbortSignal.timeout(10) })
    await expect(late).rejects.toMatchObject({ kind: 'timed-out' })
    const closed = mute.announce(CALL)
    mute.close()
    const closing = { kind: 'aborted', message: 'the client was closed' }
    await expect(closed).rejects.toMatchObject(closing)
    await expect(mute.announce(CALL)).rejects.toMatchObject(closing)
    mute.close()
  })
})

describe('what a UDP tracker refuses', () => {
  it('is passed on with its reason', async () => {
    const refuse = (request: Buffer) => reply(request, 3, Buffer.from('not today').toString('hex'))
    const refusal = { kind: 'refused', failureReason: 'not today' }
    const closed = await open(refuse)
    await expect(closed.announce(CALL)).rejects.toMatchObject({ ...refusal, stage: 'connect' })
    const listed = await open(tracker(refuse))
    await expect(listed.announce(CALL)).rejects.toMatchObject({ ...refusal, stage: undefined })
  })

  it('is cut where it is no sentence', async () => {
    const client = await open((request) => reply(request, 3, '61'.repeat(60_000)))
    await expect(client.announce(CALL)).rejects.toMatchObject({ failureReason: 'a'.repeat(1000) })
  })

  it('may be a connection id that it has forgotten, which is replaced once', async () => {
    let id = 1
    const asked: number[] = []
    const client = await open((request) => {
      asked.push(request.readUInt32BE(8))
      if (isConnect(request)) return connectReply(request, Buffer.alloc(8, id))
      return request[0] === id ? reply(request, 1, COUNTS) : reply(request, 3, '6964')
    })
    await client.announce(CALL)
    id = 2
    await client.announce(CALL)
    expect(asked).toEqual([0, 1, 1, 0, 1])
    id = 3
    const [before] = [asked.length]
    await client.announce(CALL)
    expect(asked.slice(before)).toEqual([1, 0, 1])
  })
})

describe('a UDP tracker that does not follow the protocol', () => {
  it('does not confuse the client with answers to other requests, or with garbage', async () => {
    const port = await freePort()
    const { createSocket } = await import('node:dgram')
    const socket = createSocket('udp4')
    await new Promise<void>((bound) => socket.bind(port, '127.0.0.1', bound))
    socket.on('message', (request, { port: to, address }) => {
      const forged = Buffer.from(reply(request, isConnect(request) ? 0 : 1, `${COUNTS}${'ff'.repeat(600)}`))
      forged.writeInt32BE(request.readInt32BE(12) ^ 1, 4)
      const right = isConnect(request) ? connectReply(request, ID) : reply(request, 1, COUNTS)
      for (const datagram of [Buffer.alloc(0), Buffer.alloc(7, 1), forged, right]) socket.send(datagram, to, address)
    })
    const client = await UdpTrackerClient.open({ host: '127.0.0.1', port })
    clients.push(client)
    expect((await client.announce(CALL)).peers).toEqual([])
    socket.close()
  })

  it.each([
    ['another action', (request: Buffer) => reply(request, 2)],
    ['an unknown action', (request: Buffer) => reply(request, 77, COUNTS)],
    ['too few bytes', (request: Buffer) => reply(request, 1, '0000')],
  ])('is reported at once for %s', async (_, answer) => {
    const client = await open(tracker(answer))
    await expect(client.announce(CALL)).rejects.toMatchObject({ kind: 'not-a-reply', stage: 'parse' })
  })

  it('is tolerated, or reported in strict decoding', async () => {
    const answer = tracker((request) =>
      request.readUInt32BE(8) === 1
        ? reply(request, 1, `00000000${COUNTS.slice(8)}7f0000011ae1ffff`)
        : reply(request, 2, '000000010000000200000003'),
    )
    const lenient = await open(answer)
    const deviations = ['the peers are not a multiple of 6 bytes', 'interval is not positive']
    const announced = await lenient.announce(CALL)
    expect([announced.peers.length, announced.deviations]).toEqual([1, deviations])
    const scraped = await lenient.scrape([CALL.infoHash, '22'.repeat(20)])
    expect(scraped.entries.map(({ isReported }) => isReported)).toEqual([true, false])
    const strict = await open(answer, { decoding: 'strict' })
    await expect(strict.announce(CALL)).rejects.toMatchObject({ kind: 'not-a-reply', stage: 'parse', deviations })
    await expect(strict.scrape([CALL.infoHash, '22'.repeat(20)])).rejects.toMatchObject({
      deviations: ['there are fewer rows than info hashes'],
    })
  })

  it('may send peers of IPv4 over IPv6', async () => {
    const client = await open(
      tracker((request) => reply(request, 1, `${COUNTS}7f0000011ae1`)),
      {},
      '::1',
    )
    expect(await client.announce(CALL)).toMatchObject({
      peers: [{ address: '127.0.0.1', port: 6881, family: 4 }],
      deviations: ['the peers are not a multiple of 18 bytes'],
    })
  })

  it('is not reached where nothing listens', async () => {
    const client = await UdpTrackerClient.open({ host: '127.0.0.1', port: await freePort() })
    clients.push(client)
    await expect(client.announce(CALL)).rejects.toMatchObject({ kind: 'unreachable', stage: 'connect' })
  })
})

describe('a call that makes no sense', () => {
  it.each([
    [{ infoHash: 'xyz' }, 'infoHash must be 20 bytes or 40 hex digits'],
    [{ infoHash: new Uint8Array(19) }, 'infoHash must have 20 bytes, not 19'],
    [{ peerId: new Uint8Array(21) }, 'peerId must have 20 bytes, not 21'],
    [{ port: 65_536 }, 'port must be a whole number from 0 to 65535, not 65536'],
    [{ left: -1 }, 'left must be from 0 to 2^63 - 1 bytes, not -1'],
    [{ uploaded: 1.5 }, 'uploaded must be a whole number of bytes, not 1.5'],
    [{ ip: '2001:db8::1' }, 'ip must be an IPv4 address: the UDP protocol has no room for another'],
  ])('sends nothing: %p', async (wrong, message) => {
    const client = await open(() => undefined)
    await expect(client.announce({ ...CALL, ...wrong })).rejects.toThrow(new CallError(message))
  })

  it('has no hashes, or more than a datagram holds', async () => {
    const client = await open(() => undefined)
    for (const count of [0, 75]) {
      await expect(client.scrape(Array(count).fill(CALL.infoHash))).rejects.toThrow(
        `a scrape has 1 to 74 info hashes, not ${count}`,
      )
    }
  })
})
