// Finds out what kind of server answers on a port, when a database cannot be opened there: PostgreSQL, MySQL and HTTP
// are often mistaken for each other, and the drivers' own errors do not say so.

import { connect } from 'node:net'
import type { NetworkOptions } from '../../adapters/outbound/persistence/database-options.ts'

export type ServerKind = NetworkOptions['driver'] | 'http'
type Address = Pick<NetworkOptions, 'host' | 'port'>

const TIMEOUT_MS = 1000
/** "Do you encrypt?", which a server answers with one letter (PostgreSQL's protocol, SSLRequest). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
/** Of a packet that greets (MySQL's protocol, HandshakeV10), or refuses at once. */
const MYSQL_MARKS = [10, 255]
const MYSQL_MARK_AT = 4

interface Question {
  /** Sent first; empty where the server speaks first. */
  readonly opening: Uint8Array | string
  readonly isAnsweredBy: (data: Buffer) => boolean
}

const QUESTIONS: Readonly<Record<ServerKind, Question>> = {
  mysql: { opening: '', isAnsweredBy: (data) => data[3] === 0 && MYSQL_MARKS.includes(data[MYSQL_MARK_AT]) },
  postgresql: { opening: SSL_REQUEST, isAnsweredBy: (data) => /^[SN]$/.test(data.toString('latin1')) },
  http: {
    opening: 'HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    isAnsweredBy: (data) => data.toString('latin1', 0, 5) === 'HTTP/',
  },
}

/** What answers instead of the expected kind; undefined if that answers, or none of them in time. */
export async function identifyOther(expected: NetworkOptions['driver'], address: Address) {
  // First, because MySQL blocks a host after many connections that it takes for broken.
  if (await answers(QUESTIONS[expected], address)) return undefined
  const others = (['mysql', 'postgresql', 'http'] as const).filter((kind) => kind !== expected)
  const found = await Promise.all(others.map((kind) => answers(QUESTIONS[kind], address)))
  return others.find((_, index) => found[index])
}

function answers({ opening, isAnsweredBy }: Question, { host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (isAnswered: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isAnswered)
    }
    const timer = setTimeout(end, TIMEOUT_MS, false)
    socket.on('connect', () => socket.write(opening))
    socket.on('data', (data: Buffer) => end(isAnsweredBy(data)))
    socket.on('error', () => end(false))
    socket.on('close', () => end(false))
  })
}
