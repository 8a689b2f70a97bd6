// Entry point of a UDP thread: serves all UDP listeners from the shared swarms, in batches if the system supports them,
// until told to stop.

import { parentPort, workerData } from 'node:worker_threads'
import { openBatchedSockets } from '../../adapters/inbound/udp/batched/batched-sockets.ts'
import { chooseUdpDriver } from '../../adapters/inbound/udp/choose-driver.ts'
import { DatagramHandler } from '../../adapters/inbound/udp/datagram-handler.ts'
import { openDgramSockets } from '../../adapters/inbound/udp/dgram/dgram-sockets.ts'
import { TickingClock } from '../../adapters/outbound/system/ticking-clock.ts'
import { SharedRequestTap } from '../../adapters/outbound/trace/shared-request-tap.ts'
import { ConnectionIds } from '../../adapters/protocol/udp/connection-id.ts'
import { AttackMode } from '../../domain/attack-mode.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { Bans } from '../../domain/ports/inbound/bans.ts'
import { Tracker } from '../../domain/ports/inbound/tracker.ts'
import { Measurements } from '../../domain/ports/outbound/measurements.ts'
import { externalAddress } from '../settings/external-ip.ts'
import { bindTracker } from '../wiring/bind-tracker.ts'
import { listenerCounters } from '../wiring/counter-rows.ts'
import { IdErrorsPart, VitalsPart } from '../wiring/parts.ts'
import { requestRates } from '../wiring/request-rates.ts'
import type { ThreadOptions, ThreadReport } from './thread-options.ts'

const VITALS_INTERVAL_SECONDS = 5

const options: ThreadOptions = workerData
function report(message: ThreadReport): void {
  parentPort?.postMessage(message)
}

async function serve(): Promise<void> {
  const { settings, memory, addresses, thread, firstListener, secret } = options
  if (secret === undefined) throw new Error('UDP threads need the connection id key')
  const clock = new TickingClock(memory.timeBase)
  const bindings = bindTracker(settings, memory, thread, clock)
  const handler = new DatagramHandler({
    tracker: bindings.get(Tracker),
    clock,
    measurements: bindings.get(Measurements),
    connectionIds: new ConnectionIds(secret),
    policy: {
      validates: settings.udp.connectionIdValidation === 'strict',
      answersMismatches: settings.udp.answerBadConnectionIds,
    },
    rates: requestRates(settings.limits, memory),
    attack: new AttackMode(memory.attack),
    bans: bindings.get(Bans),
    idErrors: bindings.get(IdErrorsPart),
    // Messages leave this thread although it waits in the kernel and receives none.
    tap: new SharedRequestTap(options.memory.trace, clock, (trace, request) =>
      report({ kind: 'traced', trace, request }),
    ),
    announces: {
      readsKeys: settings.access.isPrivate,
      defaultPeersPerAnnounce: settings.announce.defaultPeersPerAnnounce,
      maxPeersPerAnnounce: settings.announce.maxPeersPerAnnounce,
    },
  })
  const socketOptions = {
    receiveBufferBytes: settings.udp.receiveBufferBytes,
    sendBufferBytes: settings.udp.receiveBufferBytes,
    sharesPorts: options.sharesPorts,
    // The kernel counts drops per port, whichever thread's socket it was, so only one thread reads them.
    countsPortDrops: options.isFirst,
  }
  const stopFlag = new Int32Array(memory.stopFlag)
  const vitals = bindings.get(VitalsPart)
  let seconds = 0
  const hooks = {
    shouldStop: () => Atomics.load(stopFlag, 0) !== 0,
    tick: () => clock.tick(),
    everySecond: () => {
      if (seconds++ % VITALS_INTERVAL_SECONDS === 0) vitals.sample()
    },
  }
  const choice = await chooseUdpDriver(settings.udp.driver)
  const open = choice.driver === 'batched' ? openBatchedSockets : openDgramSockets
  const counters = listenerCounters(settings, settings.udpListeners, memory, { thread, first: firstListener })
  const policies = settings.udpListeners.map(({ cookieLifetimeSeconds, externalIp }) => ({
    connectionIdMaxAgeSeconds: cookieLifetimeSeconds,
    externalAddress: externalAddress(externalIp),
  }))
  const listeners = addresses.map((address, index) => ({
    ...address,
    counters: counters[index],
    policy: policies[index],
  }))
  const sockets = await open(listeners, handler, socketOptions)
  report({ kind: 'listening', detail: `${choice.driver} driver: ${choice.reason}` })
  await sockets.run(hooks)
  await sockets.close()
}

try {
  await serve()
} catch (error) {
  report({ kind: 'failed', message: errorMessage(error) })
}
parentPort?.close()
