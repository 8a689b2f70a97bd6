import { connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { httpGet } from '../../../src/adapters/client/http-get.ts'
import { closeServices, freePort, httpService, tcpService } from '../../fixtures/answering-services.ts'

afterEach(closeServices)

function at(port: number, target = '/'): string {
  return `http://127.0.0.1:${port}${target}`
}

describe('a GET', () => {
  it('sends the target byte for byte and returns status and body', async () => {
    const target = "/announce?info_hash=%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~&x=../'"
    const port = await httpService((request, response) => void response.writeHead(404).end(request.url))
    const { status, statusText, body } = await httpGet({ url: at(port, target), timeoutMs: 5000 })
    expect([status, statusText, Buffer.from(body).toString()]).toEqual([404, '404 Not Found', target])
  })

  it('requests / when there is only a host, and supports IPv6', async () => {
    const port = await httpService((request, response) => response.end(request.url), '::1')
    const { body } = await httpGet({ url: `http://[::1]:${port}`, timeoutMs: 5000 })
    expect(Buffer.from(body).toString()).toBe('/')
  })

  it('does not follow redirects', async () => {
    const port = await httpService((_, response) => void response.writeHead(302, { Location: '/other' }).end())
    expect((await httpGet({ url: at(port), timeoutMs: 5000 })).status).toBe(302)
  })

  it('reports why it failed', async () => {
    const port = await freePort()
    await expect(httpGet({ url: at(port), timeoutMs: 5000 })).rejects.toMatchObject({
      kind: 'unreachable',
      message: `connect ECONNREFUSED 127.0.0.1:${port}`,
    })
    await expect(httpGet({ url: 'ftp://example.org', timeoutMs: 5000 })).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('times out when an answer does not begin or does not end', async () => {
    for (const begin of [false, true]) {
      const port = await httpService((_, response) => void (begin && response.write('x')))
      await expect(httpGet({ url: at(port), timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timed-out' })
    }
  })

  it('rejects an endless answer and closes the connection', async () => {
    const hungUp = Promise.withResolvers<void>()
    const port = await httpService((_, response) => {
      response.on('close', hungUp.resolve)
      const more = (): void =>
        void (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once('drain', more))
      more()
    })
    await expect(httpGet({ url: at(port), timeoutMs: 20_000 })).rejects.toMatchObject({ kind: 'not-a-reply' })
    await hungUp.promise
  })

  it('is over when the server changes the protocol instead of answering', async () => {
    const port = await tcpService('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    await expect(httpGet({ url: at(port), timeoutMs: 5000 })).rejects.toMatchObject({
      kind: 'unreachable',
      stage: 'receive',
      message: 'the connection ended without an answer',
    })
  })

  it('times out when only provisional answers come', async () => {
    const port = await tcpService('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n')
    await expect(httpGet({ url: at(port), timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timed-out' })
  })

  it('trusts only authorities by default', async () => {
    const port = await httpService((_, response) => response.end())
    const socket = connect(port, '127.0.0.1')
    socket.destroy()
    await expect(httpGet({ url: `https://127.0.0.1:${port}/`, timeoutMs: 5000 })).rejects.toMatchObject({
      kind: 'unreachable',
    })
  })
})
