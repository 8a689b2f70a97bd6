// Listeners on loopback for tests, and clients that send exactly the given bytes.

import { connect, type Socket } from 'node:net'
import { AddressBans } from '../../../../src/adapters/inbound/address-bans.ts'
import type { ConnectionLimits } from '../../../../src/adapters/inbound/http/connection-guard.ts'
import {
  type HttpListener,
  type HttpListenerEvent,
  type HttpListenerOptions,
  openHttpListener,
} from '../../../../src/adapters/inbound/http/http-server.ts'
import { loadTcpCalls, type TcpCalls } from '../../../../src/adapters/linux/tcp-calls.ts'
import { AttackMode, createAttackMemory } from '../../../../src/domain/attack-mode.ts'
import { NO_BANS } from '../../../fakes/no-bans.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'
import { PlainTap } from '../../../fakes/plain-tap.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { unlimitedRates } from '../../../fixtures/rates.ts'
import { FakeCounters, FakeTracker } from './fake-tracker.ts'
import { PROCESS_CLOCK, SteppedPlainDriver } from './stepped-plain-driver.ts'

const LIMITS: ConnectionLimits = {
  maxHeaderBytes: 8 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  checkingIntervalMs: 2_000,
  keepAliveTimeoutMs: 5_000,
  idleTimeoutMs: 30_000,
  maxRequestsPerConnection: 1000,
  maxConnections: 20_000,
  maxConnectionsPerAddress: 100,
  appliesToPrivate: false,
}

export type DriverName = 'node' | 'plain'
/** That can run here. */
export const DRIVERS: readonly DriverName[] = process.platform === 'linux' ? ['node', 'plain'] : ['node']

export interface Changes extends Partial<Omit<HttpListenerOptions, 'limits' | 'plainDriver'>> {
  readonly limits?: Partial<ConnectionLimits>
  /** `node` unless given. */
  readonly driver?: DriverName
  /** Connections of the plain driver are as old as the clock of the rates says. */
  readonly stopsClock?: boolean
  /** Of the plain driver; by default the real ones. */
  readonly calls?: TcpCalls
}

export interface Opened {
  readonly tracker: FakeTracker
  readonly counters: FakeCounters
  readonly measurements: PlainMeasurements
  readonly tap: PlainTap
  /** Of the rates. */
  readonly clock: StoppedClock
  readonly attack: AttackMode
  readonly events: HttpListenerEvent[]
  readonly listener: HttpListener
  readonly plain: SteppedPlainDriver | undefined
  readonly port: number
}

const open: HttpListener[] = []

export async function listen(
  { driver = 'node', stopsClock = false, calls, ...changes }: Changes = {},
  rates = unlimitedRates(),
  bans = NO_BANS,
): Promise<Opened> {
  const clock = new StoppedClock(1_795_305_600)
  const ages = stopsClock ? clock : PROCESS_CLOCK
  const plain = driver === 'plain' ? new SteppedPlainDriver(calls ?? (await loadTcpCalls()), ages) : undefined
  const tracker = new FakeTracker()
  const counters = new FakeCounters()
  const events: HttpListenerEvent[] = []
  const options: HttpListenerOptions = {
    host: '127.0.0.1',
    port: 0,
    ipv6Only: false,
    reusePort: false,
    tls: undefined,
    trustedProxies: [],
    externalAddress: undefined,
    ipParameter: undefined,
    replies: {
      intervalSeconds: 1800,
      jitterSeconds: 360,
      minIntervalSeconds: 900,
      defaultPeersPerAnnounce: 50,
      maxPeersPerAnnounce: 200,
      sendsExternalAddress: false,
      sendsDownloaders: false,
    },
    plainDriver: plain,
    ...changes,
    limits: { ...LIMITS, ...changes.limits },
  }
  const measurements = new PlainMeasurements()
  const tap = new PlainTap()
  const attack = new AttackMode(createAttackMemory())
  const dependencies = { counters, measurements, tap, rates, bans: new AddressBans(bans), clock, attack }
  const listener = await openHttpListener(options, tracker, dependencies, (event) => events.push(event))
  plain?.start(options, tracker, dependencies, listener)
  open.push(listener)
  return { tracker, counters, measurements, tap, clock, attack, events, listener, plain, port: listener.address.port }
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)))
}

export function connectTo(port: number, host = '127.0.0.1', localAddress?: string): Socket {
  return connect(localAddress === undefined ? { port, host } : { port, host, localAddress })
}

/** Everything that the peer sends until it closes, one character per byte. A reset counts as a close. */
export function untilClosed(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
}

/** Resolves once `count` complete replies with a Content-Length have been received. */
export function untilReplies(socket: Socket, count: number): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`closed after: ${text}`)))
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (splitReplies(text).length >= count) resolve(text)
    })
  })
}

export interface Reply {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** The complete replies at the beginning of `text`. */
export function splitReplies(text: string): Reply[] {
  const replies: Reply[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return replies
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
      }),
    )
    const length = Number(headers.get('content-length') ?? 0)
    if (rest.length < end + 4 + length) return replies
    replies.push({ status: Number(first.split(' ')[1]), headers, body: rest.slice(end + 4, end + 4 + length) })
    rest = rest.slice(end + 4 + length)
  }
}

/** Sends raw bytes and returns the first reply; the server closes. */
export async function exchange(port: number, bytes: string, host?: string, localAddress?: string): Promise<Reply> {
  const socket = connectTo(port, host, localAddress)
  const answer = untilClosed(socket)
  socket.write(bytes, 'latin1')
  const [reply] = splitReplies(await answer)
  return reply ?? { status: 0, headers: new Map(), body: '' }
}

/** A GET of `target` with `Connection: close` and optional further header lines. */
export function get(port: number, target: string, ...lines: string[]): Promise<Reply> {
  return exchange(
    port,
    ['GET ', target, ' HTTP/1.1\r\nHost: t\r\nConnection: close\r\n', ...lines.map((l) => `${l}\r\n`), '\r\n'].join(''),
  )
}
