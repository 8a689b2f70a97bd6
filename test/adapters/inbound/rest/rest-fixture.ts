// The management API over fakes: listening on loopback, or as an app without a socket.

import { TokenGate } from '../../../../src/adapters/inbound/rest/authentication.ts'
import { createRestApp } from '../../../../src/adapters/inbound/rest/rest-app.ts'
import type { ApiCaller, RestPorts } from '../../../../src/adapters/inbound/rest/rest-context.ts'
import { REST_LIMITS, type RestLimits } from '../../../../src/adapters/inbound/rest/rest-limits.ts'
import {
  openRestListener,
  type RestListener,
  type RestListenerEvent,
  type RestListenerOptions,
} from '../../../../src/adapters/inbound/rest/rest-server.ts'
import { V2_ROOT } from '../../../../src/adapters/protocol/rest/v2/contract.ts'
import { NEVER_CANCELLED } from '../../../../src/domain/cancellation.ts'
import { FixedStatistics } from '../../../fakes/fixed-statistics.ts'
import { ListedTorrents } from '../../../fakes/listed-torrents.ts'
import { MemoryKeyAdmin } from '../../../fakes/memory-key-admin.ts'
import { MemoryListAdmin } from '../../../fakes/memory-list-admin.ts'
import { MemoryTraces } from '../../../fakes/memory-traces.ts'
import { PlainCounters } from '../../../fakes/plain-counters.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { bansInMemory } from '../../../model/bans.ts'
import { checkAnswer } from './against-contract.ts'

export const MANAGER = 'a-token-that-may-do-everything'
export const READER = 'a-token-that-may-only-look'
const TOKENS = [
  { label: 'admin', token: MANAGER, scope: 'manage' },
  { label: 'viewer', token: READER, scope: 'read' },
] as const

/** Lists and keys have an effect. */
const ACCESS = { isListed: true, isPrivate: true } as const

function restPorts() {
  const measurements = new PlainMeasurements()
  const clock = new StoppedClock(1_700_000_000)
  return {
    whitelist: new MemoryListAdmin(),
    blocklist: new MemoryListAdmin(),
    keys: new MemoryKeyAdmin(),
    bans: bansInMemory(clock).keeper,
    torrents: new ListedTorrents(),
    statistics: new FixedStatistics(),
    traces: new MemoryTraces(),
    counters: new PlainCounters(),
    listenerCounters: { listeners: () => [] },
    addressesWithIdErrors: () => 0,
    measurements,
    measured: measurements,
    clock,
    wallClock: clock,
  }
}

const open: RestListener[] = []

const LIMITS: RestLimits = { ...REST_LIMITS, appliesToPrivate: false }

type Changes = Partial<Omit<RestListenerOptions, 'limits'>> & { readonly limits?: Partial<RestLimits> }

/** `others` replace the fakes. */
export async function listen(changes: Changes = {}, others: Partial<RestPorts> = {}) {
  const ports = restPorts()
  const events: RestListenerEvent[] = []
  const listener = await openRestListener(
    {
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      tokens: TOKENS,
      allowedOrigins: [],
      // Named by requests whose host does not matter.
      allowedHosts: ['t'],
      trustedProxies: [],
      access: ACCESS,
      version: '1.2.3',
      clientName: () => null,
      ...changes,
      limits: { ...LIMITS, ...changes.limits },
    },
    { ...ports, ...others },
    (event) => events.push(event),
  )
  open.push(listener)
  const { port } = listener.address
  return { ports, events, listener, port, url: `http://127.0.0.1:${port}` }
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)))
}

export interface AppCall {
  readonly method?: string
  readonly token?: string | undefined
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | ReadableStream<Uint8Array>
  readonly address?: string
  /** All `Authorization` headers, instead of the one with the token. */
  readonly authorizations?: readonly string[]
}

/** The app without a socket. Every answer of REST v2 is checked against the contract. */
export function anApp(allowedOrigins: readonly string[] = []) {
  const ports = restPorts()
  const faults: Error[] = []
  const gate = new TokenGate(TOKENS, ports.clock, ports.counters)
  let hungUp = 0
  const app = createRestApp({
    ports,
    gate,
    limits: LIMITS,
    allowedOrigins,
    access: ACCESS,
    version: '1.2.3',
    clientName: (peerId) => (peerId[0] === 0x2d ? 'a client' : null),
    onInternalError: (error) => faults.push(error),
  })
  const clientWith = (authorizations: readonly string[], address = '127.0.0.1'): ApiCaller => ({
    address,
    hasForeignHost: false,
    authorizations,
    departure: NEVER_CANCELLED,
    hangUp: () => {
      hungUp++
    },
    keepConnection: () => {},
  })
  const ask = async (target: string, call: AppCall = {}): Promise<Response> => {
    const { method = 'GET', token = MANAGER, json, address } = call
    const headers = new Headers(call.headers)
    if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
    const client = clientWith(call.authorizations ?? [`Bearer ${token}`], address)
    const body = call.body ?? (json === undefined ? undefined : JSON.stringify(json))
    const init = { method, headers, ...(body === undefined ? {} : { body, duplex: 'half' as const }) }
    const response = await app.request(target, init, client)
    if (target.startsWith(V2_ROOT) && method !== 'OPTIONS') await checkAnswer(method, target, response)
    return response
  }
  return { app, ports, faults, ask, client: clientWith([`Bearer ${MANAGER}`]), timesHungUp: () => hungUp }
}
