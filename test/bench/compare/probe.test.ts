// What the probe of the comparison does with trackers that do not play by the rules.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import type { Contender } from './contender.ts'
import { probeAll, probeTable } from './probe.ts'
import { openProbeClient } from './probe-client.ts'

function aContender(transport: Contender['transport'], port: number): Contender {
  const url = `${transport}://127.0.0.1:${port}/announce`
  return { name: transport, transport, host: '127.0.0.1', port, url, pid: process.pid }
}

describe('the probe of the comparison', () => {
  it('follows no redirect, and goes on with the next tracker', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      const { port } = server.address() as AddressInfo
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/elsewhere` }).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const contender = aContender('http', (server.address() as AddressInfo).port)
      const probed = await probeAll([contender, { ...contender, name: 'other' }], [])
      expect(asked).toHaveLength(2)
      expect(asked.join()).not.toContain('elsewhere')
      expect(probeTable(probed).rows.map(([name, answer]) => [name, answer])).toEqual([
        ['http', 'an announce is refused or has no compact peers'],
        ['other', 'an announce is refused or has no compact peers'],
      ])
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })

  it('passes over a datagram that replies to something else', async () => {
    const tracker = createSocket('udp4', (request, { port, address }) => {
      const reply = Buffer.alloc(request.readInt32BE(8) === 0 ? 16 : 26)
      reply.writeInt32BE(request.readInt32BE(8))
      tracker.send(Buffer.from(reply), port, address)
      request.copy(reply, 4, 12, 16)
      reply.writeUInt16BE(4242, reply.length - 2)
      tracker.send(reply, port, address)
    })
    tracker.bind(0, '127.0.0.1')
    await once(tracker, 'listening')
    const client = await openProbeClient(aContender('udp', tracker.address().port))
    try {
      const peer = { infoHash: Buffer.alloc(20, 1), peerId: '-qB5030-000000000001', port: 1, isSeeding: false }
      expect(await client.announce({ ...peer, numwant: 1 })).toEqual([4242])
      expect(await client.announce({ ...peer, numwant: 1 })).toEqual([4242])
    } finally {
      client.close()
      tracker.close()
    }
  })
})
