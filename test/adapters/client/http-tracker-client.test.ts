import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type HttpClientOptions, HttpTrackerClient } from '../../../src/adapters/client/http-tracker-client.ts'
import type { HostAddress } from '../../../src/adapters/client/resolve-host.ts'
import { readTrackerUrl } from '../../../src/adapters/client/tracker-url.ts'
import { closeServices, freePort, httpService } from '../../fixtures/answering-services.ts'
import { certify } from '../../fixtures/dated-certificates.ts'
import { AWKWARD_INFO_HASH, INFO_HASH, latin1, OTHER_INFO_HASH, REPLY } from '../../fixtures/http-vectors.ts'

const HERE: HostAddress = { address: '127.0.0.1', family: 4 }
const HERE_IPV6: HostAddress = { address: '::1', family: 6 }
const CALL = { infoHash: OTHER_INFO_HASH.hex, peerId: latin1('-qB5240-abcdefghijkl') } as const

const closing: (() => void)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) close()
  await closeServices()
})

function clientAt(url: string, options: HttpClientOptions = {}, address = HERE): HttpTrackerClient {
  const client = new HttpTrackerClient(readTrackerUrl(url), address, options)
  closing.push(() => client.close())
  return client
}

/** A tracker that answers everything with `body`, and notes what it was asked. */
async function answering(body: Uint8Array | string, status = 200, headers = {}) {
  const asked: string[] = []
  const port = await httpService((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(status, headers).end(body)
  })
  return { port, asked, url: `http://127.0.0.1:${port}/announce` }
}

async function serving(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await httpService(answer)}/announce`
}

describe('a client of an HTTP tracker', () => {
  it('announces with every field', async () => {
    const { asked, url } = await answering(REPLY.compact)
    const fields = { port: 51413, uploaded: 1, downloaded: 2n ** 60n, left: 3, event: 'completed' } as const
    await clientAt(url).announce({ ...CALL, ...fields, key: 255, numwant: 50, ip: '2001:db8::7', compact: false })
    expect(asked).toEqual([
      `/announce?info_hash=${OTHER_INFO_HASH.spellings['upper-case escapes']}&peer_id=-qB5240-abcdefghijkl` +
        '&port=51413&uploaded=1&downloaded=1152921504606846976&left=3&compact=0&event=completed&numwant=50' +
        '&key=000000ff&ip=2001%3Adb8%3A%3A7',
    ])
  })

  it('reads compact peers of both families, and lists', async () => {
    const both = await clientAt((await answering(REPLY.bothFamilies)).url).announce(CALL)
    expect(both).toMatchObject({
      intervalSeconds: 1800,
      minIntervalSeconds: 300,
      seeders: 1,
      leechers: 2,
      completed: 0,
      peers: [
        { address: '198.51.100.10', port: 6881, family: 4 },
        { address: '2001:db8::a', port: 6881, family: 6 },
      ],
      deviations: [],
    })
    const list = await clientAt((await answering(REPLY.list)).url, { decoding: 'strict' }).announce(CALL)
    expect(list.peers.map(({ address, family }) => [address, family])).toEqual([
      ['198.51.100.10', 4],
      ['2001:db8::a', 6],
    ])
    expect(list.peers[1].peerId).toEqual(Uint8Array.from(latin1('-qB5240-abcdefghijkl')))
    const compact = await clientAt((await answering(REPLY.compact)).url).announce(CALL)
    expect(compact.externalAddress).toBe('203.0.113.7')
    const warned = await clientAt((await answering(REPLY.warning)).url).announce(CALL)
    expect(warned.warning).toBe('port 25 is not accepted')
  })

  it('scrapes, in the order of the request', async () => {
    const { asked, url } = await answering(REPLY.scrape)
    const answer = await clientAt(url).scrape([OTHER_INFO_HASH.hex, AWKWARD_INFO_HASH.hex, INFO_HASH.hex])
    expect(asked[0]).toMatch(/^\/scrape\?info_hash=%124Vx.*&info_hash=%00%FF%2B%20.*&info_hash=%04%0BkV/)
    expect(answer.entries).toEqual([
      { infoHash: OTHER_INFO_HASH.hex, isReported: true, seeders: 21, completed: 206, leechers: 20 },
      { infoHash: AWKWARD_INFO_HASH.hex, isReported: false, seeders: 0, completed: 0, leechers: 0 },
      { infoHash: INFO_HASH.hex, isReported: true, seeders: 11, completed: 13_772, leechers: 19 },
    ])
  })

  it.each([
    ['', '/announce?', '/scrape?'],
    ['/', '/announce?', '/scrape?'],
    ['/?passkey=k', '/announce?passkey=k&', '/scrape?passkey=k&'],
    ['/KEY/announce', '/KEY/announce?', '/KEY/scrape?'],
    ['/announce/KEY', '/announce/KEY?', '/scrape/KEY?'],
    ['/announce.php?passkey=announce', '/announce.php?passkey=announce&', '/scrape.php?passkey=announce&'],
    ['/x?', '/x?', undefined],
  ])('keeps keys in path and query: %p', async (target, announce, scrape) => {
    const { asked, port } = await answering(REPLY.empty)
    const client = clientAt(`http://127.0.0.1:${port}${target}`)
    await client.announce(CALL)
    expect(asked[0]?.startsWith(`${announce}info_hash=`)).toBe(true)
    const scraped = client.scrape([CALL.infoHash])
    if (scrape === undefined) await expect(scraped).rejects.toThrow('this tracker URL has no scrape URL')
    else {
      await scraped
      expect(asked[1]?.startsWith(`${scrape}info_hash=`)).toBe(true)
    }
  })

  it('sends further headers and names the host, over IPv6 too', async () => {
    const headers: unknown[] = []
    const port = await httpService((request, response) => {
      headers.push([request.headers.host, request.headers['user-agent'], request.headers['x-forwarded-for']])
      response.end(REPLY.empty)
    }, '::1')
    const options = { headers: { 'User-Agent': 'mine', 'X-Forwarded-For': '192.0.2.1' } }
    const client = clientAt(`http://tracker.invalid:${port}/announce`, options, HERE_IPV6)
    expect((await client.announce(CALL)).peers).toEqual([])
    expect(headers).toEqual([[`tracker.invalid:${port}`, 'mine', '192.0.2.1']])
    expect(client.endpoint).toEqual({ scheme: 'http', address: '::1', family: 6, port })
  })

  it('reads compressed answers', async () => {
    const { url } = await answering(gzipSync(REPLY.compact), 200, { 'Content-Encoding': 'gzip' })
    expect((await clientAt(url).announce(CALL)).peers).toHaveLength(2)
  })
})

describe('an HTTP tracker over TLS', () => {
  it('is trusted if its certificate is, and says why not otherwise', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-'))
    try {
      const { certPath, keyPath } = certify(folder, 'tls', { name: 'localhost', isSelfSigned: true })
      const tls = { cert: readFileSync(certPath), key: readFileSync(keyPath) }
      const port = await httpService((_, response) => response.end(REPLY.empty), '127.0.0.1', tls)
      const url = `https://localhost:${port}/announce`
      expect((await clientAt(url, { trusts: 'anyone' }).announce(CALL)).intervalSeconds).toBe(1920)
      await expect(clientAt(url).announce(CALL)).rejects.toMatchObject({
        kind: 'unreachable',
        stage: 'connect',
        message: 'the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
      })
      const plain = await answering(REPLY.empty)
      await expect(clientAt(`https://127.0.0.1:${plain.port}/announce`).announce(CALL)).rejects.toMatchObject({
        stage: 'connect',
        message: 'the port does not speak TLS; try http://',
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('what an HTTP tracker refuses', () => {
  it.each([200, 403])('is passed on with its reason, whatever the status: %d', async (status) => {
    const { url } = await answering(REPLY.failure, status)
    for (const call of [clientAt(url).announce(CALL), clientAt(url).scrape([CALL.infoHash])]) {
      await expect(call).rejects.toMatchObject({
        kind: 'refused',
        stage: undefined,
        failureReason: 'invalid info_hash',
      })
    }
  })

  it('is reported with the status where no reason is given, and with where a redirect leads', async () => {
    const missing = await answering('not found', 404)
    await expect(clientAt(missing.url).announce(CALL)).rejects.toMatchObject({
      kind: 'not-a-reply',
      stage: 'receive',
      message: 'the answer was 404 Not Found',
    })
    const moved = await answering('', 301, { Location: 'https://tracker.invalid/KEY/announce' })
    await expect(clientAt(moved.url).announce(CALL)).rejects.toThrow(
      /^the answer was 301 Moved Permanently, to https:\/\/tracker.invalid$/,
    )
  })
})

describe('an HTTP tracker that does not follow the protocol', () => {
  it.each([
    ['unsorted keys', 'd8:intervali60e5:peers0:8:completei1ee', 'keys are not sorted, or occur twice'],
    ['no interval', 'd5:peers0:e', 'there is no interval'],
    ['no peers', 'd8:intervali60ee', 'there is neither peers nor peers6'],
    ['an empty list', 'd8:intervali60e5:peerslee', 'peers is an empty list, although the compact form was requested'],
    ['a peer too short', 'd8:intervali60e5:peers5:abcdee', 'the length of peers is not a multiple of 6'],
    ['peers of another type', 'd8:intervali60e5:peersi1ee', 'peers is neither a byte string nor a list'],
    ['peers that are none', 'd8:intervali60e5:peersli1eee', 'a peer in the list lacks its address or its port'],
    ['an interval as text', 'd8:interval2:605:peers0:e', 'interval is not an integer'],
    ['bytes after the end', 'd8:intervali60e5:peers0:e\n', 'there are bytes after the end'],
    ['odd integers', 'd8:intervali060e5:peers0:e', 'an integer is not canonical, or too large'],
  ])('is tolerated, or reported in strict decoding: %s', async (_, body, deviation) => {
    const { url } = await answering(body)
    const answer = await clientAt(url).announce(CALL)
    expect(answer).toMatchObject({ peers: [], deviations: [deviation] })
    expect(answer.intervalSeconds).toBe(deviation === 'there is no interval' ? undefined : 60)
    await expect(clientAt(url, { decoding: 'strict' }).announce(CALL)).rejects.toMatchObject({
      kind: 'not-a-reply',
      stage: 'parse',
      deviations: [deviation],
    })
  })

  it('is tolerated in a scrape too', async () => {
    const { url } = await answering(`d5:filesd40:${OTHER_INFO_HASH.hex}d8:completei1eeee`)
    const { entries, deviations } = await clientAt(url).scrape([OTHER_INFO_HASH.hex])
    expect(entries[0]).toMatchObject({ isReported: true, seeders: 1, completed: 0, leechers: 0 })
    expect(deviations).toEqual([
      'the keys of files are hex digits',
      'an entry of files has no downloaded',
      'an entry of files has no incomplete',
    ])
    const mangled = Buffer.from(latin1('\x04\x0bkV?\x5cr\x14\xa6\xb7\x98\xadC\xc3\xc9.@$\x00\xb9').toString('latin1'))
    const counts = 'd8:completei1e10:downloadedi2e10:incompletei3ee'
    const encoded = await answering(
      Buffer.concat([Buffer.from(`d5:filesd${mangled.length}:`), mangled, Buffer.from(`${counts}ee`)]),
    )
    expect(await clientAt(encoded.url).scrape([INFO_HASH.hex])).toEqual({
      entries: [{ infoHash: INFO_HASH.hex, isReported: true, seeders: 1, completed: 2, leechers: 3 }],
      deviations: ['the keys of files are encoded as UTF-8'],
    })
    const none = await answering('de')
    expect((await clientAt(none.url).scrape([OTHER_INFO_HASH.hex])).entries[0].isReported).toBe(false)
  })

  it.each(['', 'x', 'i1e', 'le', '<html>', 'd', `${'l'.repeat(100_000)}`])('is reported: %.20p', async (body) => {
    const { url } = await answering(body)
    await expect(clientAt(url).announce(CALL)).rejects.toMatchObject({
      kind: 'not-a-reply',
      stage: 'parse',
      message: 'the answer is not a bencoded dictionary',
    })
  })

  it('cannot make the client read without end', async () => {
    const endless = await serving((_, response) => {
      const more = (): void =>
        void (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once('drain', more))
      more()
    })
    await expect(clientAt(endless).announce(CALL)).rejects.toThrow('the answer is longer than 1048576 bytes')
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const { url } = await answering(bomb, 200, { 'Content-Encoding': 'gzip' })
    await expect(clientAt(url).announce(CALL)).rejects.toMatchObject({
      kind: 'not-a-reply',
      stage: 'receive',
      message: 'the answer is longer than 1048576 bytes',
    })
    const small = clientAt((await answering(REPLY.list)).url, { maxReplyBytes: 100 })
    await expect(small.announce(CALL)).rejects.toThrow('the answer is longer than 100 bytes')
  })

  it('cannot send what was not asked for', async () => {
    const broken = await answering('no gzip', 200, { 'Content-Encoding': 'gzip' })
    await expect(clientAt(broken.url).announce(CALL)).rejects.toThrow('the answer is not valid gzip')
    const other = await answering(REPLY.empty, 200, { 'Content-Encoding': 'br' })
    await expect(clientAt(other.url).announce(CALL)).rejects.toMatchObject({ stage: 'parse' })
  })

  it('cannot make the client wait without end, and is left when the caller wants', async () => {
    const slow = await serving((_, response) => void response.write('d'))
    await expect(clientAt(slow, { timeoutMs: 300 }).announce(CALL)).rejects.toMatchObject({
      kind: 'timed-out',
      stage: 'receive',
      message: 'no answer within 300 ms',
    })
    const controller = new AbortController()
    const aborted = clientAt(slow).announce(CALL, { signal: controller.signal })
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ kind: 'aborted' })
    await expect(clientAt(slow).announce(CALL, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
    })
    const client = clientAt(slow)
    const closed = client.announce(CALL)
    client.close()
    await expect(closed).rejects.toMatchObject({ kind: 'aborted' })
  })

  it('is reported with the stage at which it failed', async () => {
    const gone = clientAt(`http://127.0.0.1:${await freePort()}`)
    await expect(gone.announce(CALL)).rejects.toMatchObject({ kind: 'unreachable', stage: 'connect' })
  })

  it.each([
    ['ends early', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nd8:', { kind: 'unreachable', stage: 'receive' }],
    ['never begins', '', { kind: 'unreachable', stage: 'receive' }],
    [
      'is not HTTP',
      'SSH-2.0-OpenSSH_9.2\r\n',
      { kind: 'not-a-reply', stage: 'parse', message: 'the answer is not HTTP' },
    ],
    [
      'has too many headers',
      `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}\r\n`,
      { kind: 'not-a-reply', stage: 'parse' },
    ],
  ])('is reported if its answer %s', async (_, answer, error) => {
    const rude = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    })
    await new Promise<void>((listening) => rude.listen(0, '127.0.0.1', listening))
    closing.push(() => rude.close())
    const { port } = rude.address() as AddressInfo
    await expect(clientAt(`http://127.0.0.1:${port}`).announce(CALL)).rejects.toMatchObject(error)
  })
})
