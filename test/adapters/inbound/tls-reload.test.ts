import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { certify, copyPair, filesIn } from '../../fixtures/certificates.ts'
import { ANNOUNCE_QUERY } from '../../fixtures/http-vectors.ts'
import {
  closeAll,
  connectTo,
  listen,
  type Opened,
  splitReplies,
  untilClosed,
  untilReplies,
} from './http/http-exchange.ts'

const REQUEST = `GET /announce?${ANNOUNCE_QUERY} HTTP/1.1\r\nHost: t\r\n\r\n`
let root: string

async function connectTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket
}

function nameOf(socket: TLSSocket) {
  return socket.getPeerCertificate().subject.CN
}

async function nameAt(port: number) {
  const socket = await connectTls(port)
  const name = nameOf(socket)
  socket.destroy()
  return name
}

/** Resolves with the next event that the listener reports. */
async function nextEvent({ events }: Opened) {
  const known = events.length
  while (events.length === known) await new Promise((resolve) => setImmediate(resolve))
  return events[known]
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-tls-'))
  for (const name of ['first', 'second', 'third']) certify(root, name)
})
afterAll(() => rmSync(root, { recursive: true }))
afterEach(closeAll)

async function served(name: string) {
  const directory = join(root, name)
  mkdirSync(directory)
  copyPair(join(root, 'first'), directory)
  return { directory, opened: await listen({ tls: filesIn(directory) }) }
}

describe('an HTTPS listener', () => {
  it('answers announces, registering the address of the socket', async () => {
    const { opened } = await served('plain')
    const socket = await connectTls(opened.port)
    const answer = untilReplies(socket, 1)
    socket.write(REQUEST)
    expect(splitReplies(await answer)[0]?.status).toBe(200)
    expect(opened.tracker.announces).toMatchObject([{ address: '7f000001', port: 51413 }])
    socket.destroy()
  })

  it('accepts TLS 1.2 and nothing older', async () => {
    const { opened } = await served('versions')
    const socket = await connectTls(opened.port, { maxVersion: 'TLSv1.2' })
    expect(socket.getProtocol()).toBe('TLSv1.2')
    socket.destroy()
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(connectTls(opened.port, old)).rejects.toMatchObject({
      code: expect.stringMatching(/ERR_SSL|ECONNRESET/),
    })
  })

  it('closes connections that speak plain HTTP', async () => {
    const { opened } = await served('mistaken')
    const socket = connectTo(opened.port)
    const answer = untilClosed(socket)
    socket.write(REQUEST)
    expect(splitReplies(await answer)).toEqual([])
    expect(opened.counters.of('http_connection_errors')).toBe(1)
  })

  it('counts connections per address until they are closed, and the oldest without a request makes room', async () => {
    const directory = join(root, 'first')
    const { port, counters } = await listen({ tls: filesIn(directory), limits: { maxConnectionsPerAddress: 2 } })
    const held = [await connectTls(port), await connectTls(port)]
    const [first, second] = held.map((socket) => untilClosed(socket))
    const third = await connectTls(port)
    await first
    expect(counters.of('http_connections_displaced_by_address')).toBe(1)
    for (const socket of [held[1], third]) socket.end()
    await Promise.all([second, once(third, 'close')])
    for (let i = 0; i < 4; i++) expect(await nameAt(port)).toBe('first')
    expect(counters.of('http_connections_displaced_by_address')).toBe(1)
  })

  it('displaces connections that never finish the handshake, and then those that are idle', async () => {
    const { port, counters } = await listen({ tls: filesIn(join(root, 'first')), limits: { maxConnections: 2 } })
    const idle = await connectTls(port)
    const reply = untilReplies(idle, 1)
    idle.write(REQUEST)
    await reply
    const idleEnd = untilClosed(idle)
    const silent = untilClosed(connectTo(port))
    const third = await connectTls(port)
    expect(await silent).toBe('')
    expect(counters.of('http_connections_displaced_by_total')).toBe(1)
    const thirdReply = untilReplies(third, 1)
    third.write(REQUEST)
    await thirdReply
    const fourth = await connectTls(port)
    await idleEnd
    expect(counters.of('http_connections_displaced_by_total')).toBe(2)
    expect(counters.of('http_connections_refused')).toBe(0)
    for (const socket of [third, fourth]) socket.destroy()
  })

  it('ends connections that never send anything', async () => {
    const { opened } = await served('silent')
    const socket = connectTo(opened.port)
    const ended = untilClosed(socket)
    await once(socket, 'connect')
    // Accepted by now, because this later one has been.
    await nameAt(opened.port)
    await opened.listener.close(10)
    expect(await ended).toBe('')
  })

  it.each([
    [
      'of two pairs',
      () => ({ certificatePath: join(root, 'first', 'tls.crt'), keyPath: join(root, 'second', 'tls.key') }),
    ],
    ['that do not exist', () => filesIn(join(root, 'nowhere'))],
  ])('does not open with files %s, and names both', async (_, files) => {
    const { certificatePath, keyPath } = files()
    await expect(listen({ tls: files() })).rejects.toMatchObject({
      message: expect.stringContaining(`certificate ${certificatePath} with key ${keyPath}: `),
      cause: { code: expect.any(String) },
    })
  })
})

describe('a TLS session', () => {
  const ticketKeys = new Uint8Array(48).fill(7)

  /** A session of a listener: with TLS 1.2 it arrives before the end of the handshake, with 1.3 after it. */
  async function sessionOf(port: number, options: ConnectionOptions): Promise<Buffer> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
    const arrives = once(socket, 'session')
    await once(socket, 'secureConnect')
    socket.write(REQUEST)
    const [session] = await arrives
    socket.destroy()
    return session
  }

  async function isResumed(port: number, options: ConnectionOptions): Promise<boolean> {
    const socket = await connectTls(port, options)
    const reused = socket.isSessionReused()
    socket.destroy()
    return reused
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of one thread is resumed by another with the same keys: %s',
    async (version) => {
      const tls = filesIn(join(root, 'first'))
      const options = { minVersion: version, maxVersion: version }
      const [one, other, stranger] = await Promise.all([
        listen({ tls, ticketKeys }),
        listen({ tls, ticketKeys }),
        listen({ tls, ticketKeys: new Uint8Array(48).fill(8) }),
      ])
      const session = await sessionOf(one.port, options)
      expect(await isResumed(other.port, { ...options, session })).toBe(true)
      expect(await isResumed(stranger.port, { ...options, session })).toBe(false)
    },
  )

  it('is resumed after its certificate was replaced', async () => {
    const directory = join(root, 'renewed-session')
    mkdirSync(directory)
    copyPair(join(root, 'first'), directory)
    const opened = await listen({ tls: filesIn(directory), ticketKeys })
    const session = await sessionOf(opened.port, {})
    copyPair(join(root, 'second'), directory)
    await opened.listener.reload()
    expect(await isResumed(opened.port, { session })).toBe(true)
  })
})

/** In each, the named files have no content. */
const EMPTY_FILES = [{ names: ['tls.crt'] }, { names: ['tls.key'] }, { names: ['tls.crt', 'tls.key'] }]

describe('an empty file', () => {
  it.each(EMPTY_FILES)('keeps a listener from opening: $names', async ({ names }) => {
    for (const content of ['', '\n']) {
      const directory = mkdtempSync(join(root, 'empty-'))
      copyPair(join(root, 'first'), directory)
      for (const name of names) writeFileSync(join(directory, name), content)
      await expect(listen({ tls: filesIn(directory) })).rejects.toThrow(`${join(directory, names[0] ?? '')} is empty`)
    }
  })

  it.each(EMPTY_FILES)('is rejected and counted at a reload, and the old pair stays: $names', async ({ names }) => {
    const { directory, opened } = await served(`emptied-${names.join('-')}`)
    for (const name of names) writeFileSync(join(directory, name), '')
    await opened.listener.reload()
    expect(opened.events).toMatchObject([
      { kind: 'certificate-refused', error: { message: expect.stringContaining('is empty') } },
    ])
    expect(opened.counters.of('tls_reload_failures')).toBeGreaterThan(0)
    expect(await nameAt(opened.port)).toBe('first')
  })
})

describe('a new certificate', () => {
  it('is served after a reload, and open connections go on', async () => {
    const { directory, opened } = await served('asked')
    const old = await connectTls(opened.port)
    copyPair(join(root, 'second'), directory)
    await opened.listener.reload()
    expect(opened.events).toEqual([{ kind: 'certificate-reloaded' }])
    expect(await nameAt(opened.port)).toBe('second')
    const answer = untilReplies(old, 1)
    old.write(REQUEST)
    expect(splitReplies(await answer)[0]?.status).toBe(200)
    expect(nameOf(old)).toBe('first')
    old.destroy()
  })

  it('is served when the files are replaced', async () => {
    const { directory, opened } = await served('replaced')
    copyPair(join(root, 'second'), directory)
    expect(await nextEvent(opened)).toEqual({ kind: 'certificate-reloaded' })
    expect(await nameAt(opened.port)).toBe('second')
    copyPair(join(root, 'third'), directory)
    expect(await nextEvent(opened)).toEqual({ kind: 'certificate-reloaded' })
    expect(await nameAt(opened.port)).toBe('third')
    expect(opened.counters.of('tls_reloads')).toBe(2)
  })

  it('is served when a symbolic link is pointed to it', async () => {
    const directory = join(root, 'linked')
    mkdirSync(directory)
    const turn = (name: string) => {
      symlinkSync(join(root, name), join(directory, 'new'))
      renameSync(join(directory, 'new'), join(directory, 'current'))
    }
    turn('first')
    for (const file of ['tls.crt', 'tls.key']) symlinkSync(join('current', file), join(directory, file))
    const opened = await listen({ tls: filesIn(directory) })
    turn('second')
    expect(await nextEvent(opened)).toEqual({ kind: 'certificate-reloaded' })
    expect(await nameAt(opened.port)).toBe('second')
  })

  it('is served even if other files in its directory keep changing', async () => {
    const { directory, opened } = await served('busy')
    copyPair(join(root, 'second'), directory)
    for (let changes = 0; opened.events.length === 0 && changes < 150; changes++) {
      writeFileSync(join(directory, 'log'), String(changes))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(opened.events).toEqual([{ kind: 'certificate-reloaded' }])
    expect(await nameAt(opened.port)).toBe('second')
  })

  it('that does not match its key is rejected and counted, and the old one stays', async () => {
    const { directory, opened } = await served('unfit')
    writeFileSync(join(directory, 'tls.key'), readFileSync(join(root, 'second', 'tls.key')))
    await opened.listener.reload()
    expect(opened.events).toMatchObject([{ kind: 'certificate-refused' }])
    expect(opened.counters.of('tls_reload_failures')).toBeGreaterThan(0)
    expect(await nameAt(opened.port)).toBe('first')
  })

  it('is not applied when nothing changed', async () => {
    const { opened } = await served('same')
    await opened.listener.reload()
    expect(opened.events).toEqual([])
  })
})
