// Entry point of the thread of a plain HTTP driver: serves its HTTP thread's listeners without TLS until told to stop.

import { parentPort, workerData } from 'node:worker_threads'
import { AddressBans } from '../../adapters/inbound/address-bans.ts'
import { ClientAddresses } from '../../adapters/inbound/client-address.ts'
import { ConnectionTable } from '../../adapters/inbound/connection-table.ts'
import { AnnounceEndpoint } from '../../adapters/inbound/http/announce-endpoint.ts'
import { connectionReport } from '../../adapters/inbound/http/connection-guard.ts'
import { HandOverWindow } from '../../adapters/inbound/http/plain/hand-over-window.ts'
import { PlainLoop } from '../../adapters/inbound/http/plain/plain-loop.ts'
import { loadTcpCalls } from '../../adapters/linux/tcp-calls.ts'
import { TickingClock } from '../../adapters/outbound/system/ticking-clock.ts'
import { SharedRequestTap } from '../../adapters/outbound/trace/shared-request-tap.ts'
import { Counter } from '../../adapters/protocol/metrics/counters.ts'
import { AttackMode } from '../../domain/attack-mode.ts'
import { Bans } from '../../domain/ports/inbound/bans.ts'
import { Tracker } from '../../domain/ports/inbound/tracker.ts'
import { Measurements } from '../../domain/ports/outbound/measurements.ts'
import { bindTracker } from '../wiring/bind-tracker.ts'
import { listenerCounters } from '../wiring/counter-rows.ts'
import { VitalsPart } from '../wiring/parts.ts'
import { requestRates } from '../wiring/request-rates.ts'
import { httpListenerOptions } from './http-listener-options.ts'
import { type PlainReport, PlainState, type PlainThreadOptions } from './plain-thread-options.ts'

const VITALS_INTERVAL_SECONDS = 5

const options: PlainThreadOptions = workerData
function report(message: PlainReport): void {
  parentPort?.postMessage(message)
}

const { settings, memory, addresses, companion, firstListener, sockets, sharesPorts } = options
const clock = new TickingClock(memory.timeBase)
const bindings = bindTracker(settings, memory, companion, clock)
const counters = listenerCounters(settings, settings.httpListeners, memory, { thread: companion, first: firstListener })
const rates = requestRates(settings.limits, memory)
const bans = new AddressBans(bindings.get(Bans))
// Requests of a client that is traced are passed on, so nothing is reported here.
const tap = new SharedRequestTap(memory.trace, clock, () => {})
const calls = await loadTcpCalls()
const tracker = bindings.get(Tracker)
const measurements = bindings.get(Measurements)
const listeners = sockets.map(({ listener, fd }) => {
  const { replies, externalAddress, ipParameter, limits, trustedProxies } = httpListenerOptions(
    settings,
    listener,
    addresses[listener],
    { sharesPorts },
  )
  const endpointOptions = { replies, externalAddress, ipParameter, maxTargetBytes: limits.maxHeaderBytes }
  return {
    fd,
    index: listener,
    endpoint: new AnnounceEndpoint(tracker, counters[listener], endpointOptions, Math.random),
    clients: new ClientAddresses(trustedProxies),
    counters: counters[listener],
    connections: new ConnectionTable(limits, connectionReport(counters[listener])),
    rates,
    bans,
    tap,
    maxRequestsPerConnection: limits.maxRequestsPerConnection,
  }
})
const { http } = settings
const state = new Int32Array(options.state)
const handOvers = new HandOverWindow(state.subarray(1))
const vitals = bindings.get(VitalsPart)
let seconds = 0
const loop = new PlainLoop(listeners, {
  calls,
  clock,
  maxHeaderBytes: http.maxHeaderSizeBytes,
  silenceSeconds: http.headersTimeoutSeconds,
  idleSeconds: http.keepAliveTimeoutSeconds,
  attack: new AttackMode(memory.attack),
  measurements,
  handOver: (connection) => {
    if (handOvers.enter()) {
      report({ kind: 'handed-over', connection })
      return
    }
    counters[connection.listener].add(Counter.http_connections_refused, 1)
    calls.close(connection.fd)
  },
  everySecond: () => {
    if (seconds++ % VITALS_INTERVAL_SECONDS === 0) vitals.sample()
  },
})
report({ kind: 'serving' })
loop.run({
  shouldDrain: () => Atomics.load(state, 0) >= PlainState.Draining,
  shouldStop: () => Atomics.load(state, 0) >= PlainState.Stopping,
})
parentPort?.close()
