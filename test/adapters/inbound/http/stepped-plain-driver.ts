// The plain driver in the thread of a test: one turn of its loop, without waiting, per turn of the event loop. So a
// test sees the tracker, the counters and the clock that it answers with.

import { ClientAddresses } from '../../../../src/adapters/inbound/client-address.ts'
import { ConnectionTable } from '../../../../src/adapters/inbound/connection-table.ts'
import { AnnounceEndpoint } from '../../../../src/adapters/inbound/http/announce-endpoint.ts'
import { connectionReport } from '../../../../src/adapters/inbound/http/connection-guard.ts'
import type {
  HttpListener,
  HttpListenerOptions,
  PlainDriver,
} from '../../../../src/adapters/inbound/http/http-server.ts'
import { PlainLoop } from '../../../../src/adapters/inbound/http/plain/plain-loop.ts'
import type { HttpDependencies } from '../../../../src/adapters/inbound/http/request-listener.ts'
import type { TcpCalls } from '../../../../src/adapters/linux/tcp-calls.ts'
import type { Tracker } from '../../../../src/domain/ports/inbound/tracker.ts'
import type { SteadyClock } from '../../../../src/domain/ports/outbound/steady-clock.ts'

/** Whole seconds of this process. */
export const PROCESS_CLOCK: SteadyClock = { steadySeconds: () => Math.floor(performance.now() / 1000) }

export class SteppedPlainDriver implements PlainDriver {
  readonly calls: TcpCalls
  /** Of the connections' ages. */
  readonly #clock: SteadyClock
  #loop: PlainLoop | undefined
  #ended: Promise<void> | undefined
  #endBy = Number.POSITIVE_INFINITY
  /** How many connections were passed on. */
  handedOver = 0

  constructor(calls: TcpCalls, clock: SteadyClock) {
    this.calls = calls
    this.#clock = clock
  }

  /** Connections that it serves now. */
  get count(): number {
    return this.#loop?.count ?? 0
  }

  /** To be called once the listener is open. */
  start(options: HttpListenerOptions, tracker: Tracker, parts: HttpDependencies, listener: HttpListener): void {
    const { limits, replies, externalAddress, ipParameter } = options
    const { counters, measurements, tap, rates, bans, attack } = parts
    if (listener.plainFd === undefined) throw new Error('the listener has no socket for the plain driver')
    const endpointOptions = { replies, externalAddress, ipParameter, maxTargetBytes: limits.maxHeaderBytes }
    const plainListener = {
      fd: listener.plainFd,
      index: 0,
      endpoint: new AnnounceEndpoint(tracker, counters, endpointOptions, Math.random),
      clients: new ClientAddresses(options.trustedProxies),
      counters,
      connections: new ConnectionTable(limits, connectionReport(counters)),
      rates,
      bans,
      tap,
      maxRequestsPerConnection: limits.maxRequestsPerConnection,
    }
    this.#loop = new PlainLoop([plainListener], {
      calls: this.calls,
      clock: { steadySeconds: () => this.#clock.steadySeconds(), tick: () => {} },
      maxHeaderBytes: limits.maxHeaderBytes,
      silenceSeconds: limits.headersTimeoutMs / 1000,
      idleSeconds: limits.keepAliveTimeoutMs / 1000,
      attack,
      measurements,
      handOver: (connection) => {
        this.handedOver++
        listener.adopt(connection)
      },
      everySecond: () => {},
    })
    this.#ended = this.#serve(this.#loop)
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#endBy = performance.now() + deadlineMs
    await this.#ended
  }

  async #serve(loop: PlainLoop): Promise<void> {
    for (; this.#endBy === Number.POSITIVE_INFINITY; await new Promise(setImmediate)) loop.serve(0)
    for (loop.drain(); loop.count > 0 && performance.now() < this.#endBy; await new Promise(setImmediate)) loop.serve(0)
    loop.end()
  }
}
