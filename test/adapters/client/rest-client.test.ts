import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ClientError } from '../../../src/adapters/client/client-error.ts'
import { RestClient } from '../../../src/adapters/client/rest-client.ts'
import { closeServices, tcpService } from '../../fixtures/answering-services.ts'
import { closeAll, listen, MANAGER, READER } from '../inbound/rest/rest-fixture.ts'

const ONE = '1'.repeat(40)
const TWO = '2'.repeat(40)
const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'

const servers: Server[] = []

/** A server that is not a tracker. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(async () => {
  await closeAll()
  await closeServices()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function managing() {
  const opened = await listen()
  return { ...opened, client: new RestClient({ url: opened.url, token: MANAGER }) }
}

/** The `ClientError` that a call rejects with. */
async function failing(call: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason) => reason,
  )
  if (error instanceof ClientError) return error
  throw new Error(`not a ClientError: ${error}`)
}

async function* linesOf(...lines: readonly string[]) {
  for (const line of lines) yield Buffer.from(`${line}\n`)
}

describe('the client', () => {
  it('calls operations by name', async () => {
    const { client } = await managing()
    expect(await client.call('addToBlocklist', { body: { info_hashes: [ONE, TWO], reason: 'spam' } })).toMatchObject({
      results: [{ status: 'added' }, { status: 'added' }],
    })
    const page = await client.call('listBlocklist', { query: { limit: 1 } })
    expect(page.entries).toMatchObject([{ info_hash: ONE, reason: 'spam' }])
    const rest = await client.call('listBlocklist', { query: { limit: 5, cursor: page.next_cursor ?? '' } })
    expect(rest.entries).toMatchObject([{ info_hash: TWO }])
    expect(await client.call('removeFromBlocklist', { params: { info_hash: ONE } })).toBeUndefined()
    expect(await client.call('issueKey', { body: { key: KEY } })).toMatchObject({ id: 1, key: KEY })
    expect(await client.call('changeKey', { params: { id: 1 }, body: { seconds_valid: null } })).toMatchObject({
      id: 1,
    })
    expect(await client.call('getStatistics')).toMatchObject({ torrents: 3 })
    expect(await client.call('describe')).toMatchObject({ openapi: '3.1.0' })
  })

  it('imports and exports line by line', async () => {
    const { client, ports } = await managing()
    const result = await client.call('importWhitelist', { query: {}, body: linesOf(ONE, 'nonsense', TWO) })
    expect(result).toMatchObject({ added: 2, invalid: 1, problems: [{ line: 2 }] })
    const lines: string[] = []
    for await (const { info_hash } of await client.call('exportWhitelist')) lines.push(info_hash)
    expect(lines).toEqual([ONE, TWO])
    expect(await ports.whitelist.count()).toBe(2)
  })

  it('can stop an export early', async () => {
    const { client, events } = await managing()
    await client.call('addToWhitelist', { body: { info_hashes: [ONE, TWO] } })
    for await (const { info_hash } of await client.call('exportWhitelist')) {
      expect(info_hash).toBe(ONE)
      break
    }
    expect(events).toEqual([])
  })
})

describe('an error of the client', () => {
  it('contains the reason for a rejection', async () => {
    const { client, url } = await managing()
    const notFound = await failing(client.call('getTorrent', { params: { info_hash: ONE }, query: {} }))
    expect(notFound).toMatchObject({ kind: 'api', status: 404, problem: { code: 'not-there' } })
    expect(notFound.message).toBe('Not Found (not-there); This torrent has not been announced.')
    const invalid = await failing(client.call('addToWhitelist', { body: { info_hash: 'nonsense' } }))
    expect(invalid.message).toBe(
      'Bad Request (invalid-request); info_hash: must be an info hash, a URN or a magnet link',
    )
    const reader = new RestClient({ url, token: READER })
    expect(await failing(reader.call('revokeKey', { params: { id: 1 } }))).toMatchObject({ status: 403 })
    const unknownCaller = new RestClient({ url, token: 'wrong' })
    expect(await failing(unknownCaller.call('getStatistics'))).toMatchObject({ status: 401 })
  })

  it('reports an unreachable tracker', async () => {
    const { client, listener } = await managing()
    await listener.close(0)
    const error = await failing(client.call('getStatistics'))
    expect(error.kind).toBe('transport')
    expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/)
    expect(error.message).not.toContain(MANAGER)
  })

  it('reports a missing or incomplete answer', async () => {
    const silent = await serving(() => {})
    const halting = await serving((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"torrents":')
    })
    const grumbling = await serving((_, response) => {
      response.writeHead(409, { 'Content-Type': 'application/problem+json' }).write('{"type":')
    })
    const refused = await failing(
      new RestClient({ url: grumbling, token: MANAGER, timeoutMs: 50 }).call('getStatistics'),
    )
    expect(refused).toMatchObject({ kind: 'api', status: 409, problem: undefined })
    for (const url of [silent, halting]) {
      const error = await failing(new RestClient({ url, token: MANAGER, timeoutMs: 50 }).call('getStatistics'))
      expect(error).toMatchObject({ kind: 'transport', message: expect.stringContaining('no answer within 50 ms') })
    }
  })

  it('reports a server that changes the protocol instead of answering', async () => {
    const port = await tcpService('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    const client = new RestClient({ url: `http://127.0.0.1:${port}`, token: MANAGER })
    expect((await failing(client.call('getStatistics'))).kind).toBe('transport')
  })

  it.each([
    ['a page of something else', 200, 'text/html', '<html>'],
    ['not JSON', 200, 'application/json', '{'],
    ['other figures', 200, 'application/json', '{"torrents":-1}'],
    ['an unexpected status', 202, 'application/json', '{}'],
  ])('reports an answer that is %s', async (_, status, type, body) => {
    const url = await serving((__, response) => response.writeHead(status, { 'Content-Type': type }).end(body))
    expect(await failing(new RestClient({ url, token: MANAGER }).call('getStatistics'))).toMatchObject({
      kind: 'decoding',
      status,
    })
  })

  it('reports a rejection that does not match the contract', async () => {
    const url = await serving((_, response) => response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html>'))
    const error = await failing(new RestClient({ url, token: MANAGER }).call('getStatistics'))
    expect(error).toMatchObject({ kind: 'api', status: 502, problem: undefined, message: 'the answer was 502' })
  })

  it('reports an export that was cut off', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).write(`{"info_hash":"${ONE}"}\n{"info`)
      setImmediate(() => response.destroy())
    })
    const lines = await new RestClient({ url, token: MANAGER }).call('exportWhitelist')
    const seen: string[] = []
    const error = await failing(
      (async () => {
        for await (const { info_hash } of lines) seen.push(info_hash)
      })(),
    )
    expect(error.kind).toBe('transport')
    expect(seen).toEqual([ONE])
  })

  it.each(['', 'a b', 'a\nb', 'tökén'])('does not reveal a malformed token: %j', (token) => {
    expect(() => new RestClient({ url: 'http://127.0.0.1', token })).toThrow(/^the token is empty or has characters/)
  })

  it('does not send its token to another server', async () => {
    let taken: string | undefined
    const other = await serving((request, response) => {
      taken = request.headers.authorization
      response.end()
    })
    const url = await serving((_, response) => response.writeHead(307, { Location: other }).end())
    expect(await failing(new RestClient({ url, token: MANAGER }).call('getStatistics'))).toMatchObject({
      kind: 'transport',
    })
    expect(taken).toBeUndefined()
  })
})
