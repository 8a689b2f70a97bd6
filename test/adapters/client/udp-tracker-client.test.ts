import { afterEach, describe, expect, it } from '@jest/globals'
import { UdpTrackerClient } from '../../../src/adapters/client/udp-tracker-client.ts'
import { closeServices, connectReply, udpService } from '../../fixtures/answering-services.ts'

afterEach(closeServices)

const ID = Buffer.from('0102030405060708', 'hex')
const ANNOUNCE = {
  connectionId: ID.readBigUInt64BE(),
  transactionId: 7,
  infoHash: Buffer.alloc(20, 0x11),
  peerId: Buffer.alloc(20, 0x22),
  downloaded: 0n,
  left: 0n,
  uploaded: 0n,
  event: 2,
  key: 42,
  numwant: -1,
  port: 6881,
} as const

async function open(answer: (datagram: Buffer) => Buffer | undefined, timeoutMs = 5000) {
  return UdpTrackerClient.open({ host: '127.0.0.1', port: await udpService(answer) }, timeoutMs)
}

describe('a client of a UDP tracker', () => {
  it('connects and announces', async () => {
    const reply = Buffer.from('00000001000000070000070800000002000000037f0000011ae1', 'hex')
    const asked: string[] = []
    const client = await open((request) => {
      asked.push(request.toString('hex'))
      return request.length === 16 ? connectReply(request, ID) : reply
    })
    expect(await client.connect(5)).toBe(ANNOUNCE.connectionId)
    const { intervalSeconds, leechers, seeders, peers } = await client.announce(ANNOUNCE)
    expect([intervalSeconds, leechers, seeders, Buffer.from(peers).toString('hex')]).toEqual([
      1800,
      2,
      3,
      '7f0000011ae1',
    ])
    expect(asked[1]).toBe(
      `${ID.toString('hex')}0000000100000007${'11'.repeat(20)}${'22'.repeat(20)}${'00'.repeat(24)}00000002000000000000002affffffff1ae1`,
    )
    client.close()
  })

  it('passes on the text of an error', async () => {
    const client = await open((request) =>
      Buffer.concat([Buffer.from([0, 0, 0, 3]), request.subarray(12, 16), Buffer.from('not today')]),
    )
    await expect(client.connect(1)).rejects.toMatchObject({ kind: 'refused', message: 'not today' })
    client.close()
  })

  it('rejects an answer to another request', async () => {
    const client = await open((request) => connectReply(Buffer.concat([request.subarray(0, 12), Buffer.alloc(4, 9)])))
    await expect(client.connect(1)).rejects.toMatchObject({ kind: 'not-a-reply' })
    client.close()
  })

  it('times out as configured', async () => {
    const client = await open(() => undefined, 20)
    await expect(client.connect(1)).rejects.toMatchObject({ kind: 'timed-out', message: 'no answer within 20 ms' })
    client.close()
  })
})
