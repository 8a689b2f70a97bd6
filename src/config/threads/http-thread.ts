// Entry point of an HTTP thread: serves all HTTP and HTTPS listeners from the shared swarms, until told to stop.

import { parentPort, workerData } from 'node:worker_threads'
import { AddressBans } from '../../adapters/inbound/address-bans.ts'
import { chooseHttpDriver } from '../../adapters/inbound/http/choose-driver.ts'
import { type HttpListener, type HttpListenerEvent, openHttpListener } from '../../adapters/inbound/http/http-server.ts'
import { loadTcpCalls } from '../../adapters/linux/tcp-calls.ts'
import { BpfConnectionSteering } from '../../adapters/outbound/system/bpf-connection-steering.ts'
import { SystemClock } from '../../adapters/outbound/system/system-clock.ts'
import { SharedRequestTap } from '../../adapters/outbound/trace/shared-request-tap.ts'
import { AttackMode } from '../../domain/attack-mode.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { Bans } from '../../domain/ports/inbound/bans.ts'
import { Tracker } from '../../domain/ports/inbound/tracker.ts'
import { Measurements } from '../../domain/ports/outbound/measurements.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import { bindTracker } from '../wiring/bind-tracker.ts'
import { listenerCounters } from '../wiring/counter-rows.ts'
import { VitalsPart } from '../wiring/parts.ts'
import { requestRates } from '../wiring/request-rates.ts'
import { httpListenerOptions } from './http-listener-options.ts'
import { PlainDriverThread } from './plain-driver.ts'
import type { ThreadCommand, ThreadOptions, ThreadReport } from './thread-options.ts'

const NOTHING_PLAIN = 'node:http: no listener is plain HTTP over TCP'

const options: ThreadOptions = workerData
function report(message: ThreadReport): void {
  parentPort?.postMessage(message)
}

function reportEvent(event: HttpListenerEvent): void {
  const target = 'HTTP TRACKER'
  if (event.kind === 'certificate-reloaded') {
    report({ kind: 'note', level: 'info', target, message: 'the certificate has been reloaded' })
  } else if (event.kind === 'certificate-refused') {
    const message = `the certificate cannot be used, the previous one stays in use: ${event.error.message}`
    report({ kind: 'note', level: 'error', target, message })
  } else {
    report({
      kind: 'note',
      level: 'error',
      target,
      message: `internal error: ${event.error.stack ?? event.error.message}`,
    })
  }
}

/** In the place of a listener that the first thread serves. */
function servedElsewhere(address: string): HttpListener {
  return {
    address: { address, family: 'unix', port: 0 },
    plainFd: undefined,
    adopt: () => {},
    reload: async () => {},
    close: async () => {},
    spreadConnections: () => {},
  }
}

async function serve(): Promise<void> {
  const { settings, memory, addresses, thread, companion, firstListener, sharesPorts, secret } = options
  const bindings = bindTracker(settings, memory, thread, new SystemClock(memory.timeBase))
  const counters = listenerCounters(settings, settings.httpListeners, memory, { thread, first: firstListener })
  const clock = bindings.get(SteadyClock)
  const rates = requestRates(settings.limits, memory)
  const attack = new AttackMode(memory.attack)
  const bans = new AddressBans(bindings.get(Bans))
  const tap = new SharedRequestTap(memory.trace, clock, (trace, request) => report({ kind: 'traced', trace, request }))
  const steering = await BpfConnectionSteering.load(options.groupSize)
  const { driver, reason } = await chooseHttpDriver(settings.threads.httpDriver)
  const isPlain = driver === 'plain' && companion !== undefined
  const plainDriver = isPlain ? new PlainDriverThread(await loadTcpCalls(), companion) : undefined
  const listeners: HttpListener[] = []
  for (let i = 0; i < addresses.length; i++) {
    const listener = httpListenerOptions(settings, i, addresses[i], {
      sharesPorts,
      steering,
      plainDriver,
      ticketKeys: secret,
    })
    // Threads cannot share the path of a Unix domain socket.
    if (listener.socketFile !== undefined && !options.isFirst) {
      listeners.push(servedElsewhere(listener.host))
      continue
    }
    const own = { counters: counters[i], measurements: bindings.get(Measurements) }
    const dependencies = { ...own, tap, rates, bans, clock, attack }
    listeners.push(await openHttpListener(listener, bindings.get(Tracker), dependencies, reportEvent))
  }
  await plainDriver?.start(options, listeners)
  bindings.get(VitalsPart).watch()
  parentPort?.on('message', async (command: ThreadCommand) => {
    if (command.kind === 'reload') await Promise.all(listeners.map((listener) => listener.reload()))
    else if (command.kind === 'succeed') for (const listener of listeners) listener.spreadConnections()
    else {
      await Promise.all(listeners.map((listener) => listener.close(command.deadlineMs)))
      parentPort?.close()
    }
  })
  report({ kind: 'listening', detail: driver === 'plain' && !isPlain ? NOTHING_PLAIN : reason })
}

try {
  await serve()
} catch (error) {
  report({ kind: 'failed', message: errorMessage(error) })
  parentPort?.close()
}
