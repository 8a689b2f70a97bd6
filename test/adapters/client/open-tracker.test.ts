import { afterEach, describe, expect, it } from '@jest/globals'
import { openTracker, openTrackerAt } from '../../../src/adapters/client/open-tracker.ts'
import { resolveHost } from '../../../src/adapters/client/resolve-host.ts'
import { readTrackerUrl } from '../../../src/adapters/client/tracker-url.ts'
import { closeServices, connectReply, httpService, udpService } from '../../fixtures/answering-services.ts'
import { REPLY } from '../../fixtures/http-vectors.ts'

afterEach(closeServices)

describe('a tracker URL', () => {
  it.each([
    ['udp://tracker.example.org:6969', { scheme: 'udp', host: 'tracker.example.org', port: 6969, target: '' }],
    ['UDP://[2001:db8::1]:80/announce', { scheme: 'udp', host: '2001:db8::1', port: 80, target: '/announce' }],
    ['http://Tracker.example', { scheme: 'http', host: 'tracker.example', port: 80, target: '' }],
    [
      'https://bücher.example/a%20b?x=%00#top',
      {
        scheme: 'https',
        host: 'xn--bcher-kva.example',
        port: 443,
        target: '/a%20b?x=%00',
      },
    ],
    ['http://127.0.0.1:80/KEY/announce', { scheme: 'http', host: '127.0.0.1', port: 80, target: '/KEY/announce' }],
  ])('is read as it is written: %p', (text, url) => {
    expect(readTrackerUrl(text)).toEqual(url)
  })

  it.each([
    [
      'tracker.example.org:6969',
      'a tracker URL looks like udp://host:port, http://host/announce or https://host/announce',
    ],
    ['ftp://host/', 'not ftp://'],
    ['wss://host/', 'WebSocket trackers (ws://, wss://) are not supported yet'],
    ['udp://host', 'the URL of a UDP tracker needs a port, such as udp://host:6969'],
    ['udp://host:0', 'port 0 is not a port of a tracker'],
    ['udp://host:70000', 'the host or the port of the tracker URL is not valid'],
    ['http:///announce', 'the host or the port of the tracker URL is not valid'],
    ['http://me:secret@host/', 'a tracker URL cannot have a user name'],
    ['http://host/a b', 'path and query of a tracker URL must be printable ASCII'],
    [`http://host/${'x'.repeat(5000)}`, 'must not be longer than 4096 characters'],
  ])('may be wrong, which is said without its secrets: %p', (text, message) => {
    expect(() => readTrackerUrl(text)).toThrow(TypeError)
    expect(() => readTrackerUrl(text)).toThrow(message)
    expect(() => readTrackerUrl(text)).not.toThrow(/secret/)
  })
})

describe('the addresses of a host', () => {
  it('are all that the system knows, or those of one family', async () => {
    expect(await resolveHost('127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }])
    expect(await resolveHost('::1', { family: 6 })).toEqual([{ address: '::1', family: 6 }])
    expect(await resolveHost('localhost', { family: 4 })).toContainEqual({ address: '127.0.0.1', family: 4 })
  })

  it('may be missing', async () => {
    await expect(resolveHost('127.0.0.1', { family: 6 })).rejects.toMatchObject({
      kind: 'unreachable',
      stage: 'resolve',
      message: '127.0.0.1 has no IPv6 address',
    })
    await expect(resolveHost('nowhere.invalid')).rejects.toMatchObject({ kind: 'unreachable', stage: 'resolve' })
    const signal = AbortSignal.abort()
    await expect(resolveHost('nowhere.invalid', { signal })).rejects.toMatchObject({
      kind: 'aborted',
      stage: 'resolve',
    })
  })
})

describe('opening a tracker', () => {
  it('chooses the protocol by the URL', async () => {
    const udpPort = await udpService((request) =>
      request.readUInt32BE(8) === 0
        ? connectReply(request)
        : Buffer.concat([
            Buffer.from([0, 0, 0, 1]),
            request.subarray(12, 16),
            Buffer.from('000007080000000100000002', 'hex'),
          ]),
    )
    const httpPort = await httpService((_, response) => response.end(REPLY.empty))
    const urls = [`udp://localhost:${udpPort}/announce`, `http://localhost:${httpPort}/announce`]
    const intervals: unknown[] = []
    for (const url of urls) {
      using tracker = await openTracker(url, { family: 4, timeoutMs: 5000, waitsMs: [5000] })
      intervals.push((await tracker.announce({ infoHash: '11'.repeat(20) })).intervalSeconds)
    }
    expect(intervals).toEqual([1800, 1920])
  })

  it('opens it at one address of several', async () => {
    const [address] = await resolveHost('127.0.0.1')
    using tracker = await openTrackerAt(readTrackerUrl('udp://tracker.invalid:6969'), address)
    expect(tracker.endpoint).toEqual({ scheme: 'udp', address: '127.0.0.1', family: 4, port: 6969 })
  })

  it('does not open what it cannot', async () => {
    await expect(openTracker('ws://127.0.0.1:8000')).rejects.toThrow('are not supported yet')
    await expect(openTracker('udp://127.0.0.1:6969', { family: 6 })).rejects.toMatchObject({ stage: 'resolve' })
  })
})
