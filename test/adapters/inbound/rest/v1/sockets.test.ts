import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER } from '../rest-fixture.ts'

afterEach(closeAll)

/** Sends bytes, optionally disconnects, and resolves with everything received until the other side closes. */
async function exchange(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(request)
  return await text(socket)
}

function keyRequest(length: number, body: string): string {
  return (
    `POST /api/v1/keys?token=${MANAGER} HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${length}\r\n\r\n${body}`
  )
}

describe('API v1 over a socket', () => {
  it('creates a key from a complete body', async () => {
    const { url } = await listen()
    const response = await fetch(`${url}/api/v1/keys?token=${MANAGER}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"key":null,"seconds_valid":7200}',
    })
    expect(await response.json()).toMatchObject({ valid_until: 1_700_007_200, expiry_time: '2023-11-15 00:13:20 UTC' })
  })

  it('sends the length of every answer, an empty one too', async () => {
    const { url } = await listen()
    for (const path of ['stats', 'nowhere', 'keys']) {
      const response = await fetch(`${url}/api/v1/${path}?token=${MANAGER}`)
      expect(response.headers.get('content-length')).toBe(String((await response.text()).length))
    }
  })

  it('waits for a body only until the timeout', async () => {
    const { port } = await listen({ limits: { bodyTimeoutMs: 50 } })
    const answer = await exchange(port, keyRequest(100, '{"key":'))
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
  })

  it('does not read a body that is too long', async () => {
    const { port, ports } = await listen()
    expect(await exchange(port, keyRequest(1_000_000_000, '{"key":'))).toMatch(/^HTTP\/1\.1 413 /)
    expect(ports.keys.trouble.calls).toBe(0)
  })

  it('does not report an internal error when a client disconnects midway', async () => {
    const { url, port, events } = await listen()
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(keyRequest(100, '{"key":'))
    socket.end()
    await once(socket.resume(), 'close')
    expect((await fetch(`${url}/api/v1/stats?token=${MANAGER}`)).status).toBe(200)
    expect(events).toEqual([])
  })
})
