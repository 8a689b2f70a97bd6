// Entry point of an HTTP thread: all HTTP and HTTPS listeners over the shared swarms, until it is told to stop.

import { parentPort, workerData } from 'node:worker_threads'
import { type HttpListener, type HttpListenerEvent, openHttpListener } from '../../adapters/inbound/http/http-server.ts'
import { ConnectionSteering } from '../../adapters/outbound/system/connection-steering.ts'
import { SystemClock } from '../../adapters/outbound/system/system-clock.ts'
import { Tracker } from '../../domain/ports/inbound/tracker.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { Measurements } from '../../domain/ports/outbound/measurements.ts'
import { bindTracker } from '../wiring/bind-tracker.ts'
import { Vitals } from '../wiring/parts.ts'
import { httpListenerOptions } from './http-listener-options.ts'
import type { ThreadOrder, ThreadOrders, ThreadReport } from './thread-orders.ts'

const orders: ThreadOrders = workerData
const say = (report: ThreadReport): void => parentPort?.postMessage(report)

function report(event: HttpListenerEvent): void {
  const target = 'HTTP TRACKER'
  if (event.kind === 'certificate-reloaded') {
    say({ kind: 'note', level: 'info', target, message: 'the certificate has been read again' })
  } else if (event.kind === 'certificate-refused') {
    const message = `the certificate cannot be used, the former one stays: ${event.error.message}`
    say({ kind: 'note', level: 'error', target, message })
  } else {
    say({
      kind: 'note',
      level: 'error',
      target,
      message: `internal error: ${event.error.stack ?? event.error.message}`,
    })
  }
}

async function serve(): Promise<void> {
  const bindings = bindTracker(orders.settings, orders.memory, orders.thread, new SystemClock())
  const outside = { counters: bindings.get(Counters), measurements: bindings.get(Measurements) }
  const steering = await ConnectionSteering.load(orders.siblings)
  const listeners: HttpListener[] = []
  for (let i = 0; i < orders.addresses.length; i++) {
    const options = httpListenerOptions(orders.settings, i, orders.addresses[i], orders.sharesPorts, steering)
    listeners.push(await openHttpListener(options, bindings.get(Tracker), outside, report))
  }
  bindings.get(Vitals).watch()
  parentPort?.on('message', async (order: ThreadOrder) => {
    if (order.kind === 'reload') await Promise.all(listeners.map((listener) => listener.reload()))
    else if (order.kind === 'succeed') for (const listener of listeners) listener.succeed()
    else {
      await Promise.all(listeners.map((listener) => listener.close(order.deadlineMs)))
      parentPort?.close()
    }
  })
  say({ kind: 'listening', detail: 'node:http' })
}

try {
  await serve()
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  parentPort?.close()
}
