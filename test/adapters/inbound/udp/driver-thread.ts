// A worker thread that runs one driver over a tracker without swarms, configured by its `workerData`.

import { parentPort, workerData } from 'node:worker_threads'
import { openBatchedSockets } from '../../../../src/adapters/inbound/udp/batched/batched-sockets.ts'
import { DatagramHandler } from '../../../../src/adapters/inbound/udp/datagram-handler.ts'
import { openDgramSockets } from '../../../../src/adapters/inbound/udp/dgram/dgram-sockets.ts'
import type { SocketOptions } from '../../../../src/adapters/inbound/udp/listener.ts'
import type { Endpoint } from '../../../../src/adapters/inbound/udp/own-endpoints.ts'
import { COUNTER_NAMES } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { ConnectionIds } from '../../../../src/adapters/protocol/udp/connection-id.ts'
import { AttackMode, createAttackMemory } from '../../../../src/domain/attack-mode.ts'
import type { Counters } from '../../../../src/domain/ports/outbound/counters.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { NO_BANS } from '../../../fakes/no-bans.ts'
import { PlainTap } from '../../../fakes/plain-tap.ts'
import { noIdErrors } from '../../../fixtures/id-errors.ts'
import { unlimitedRates } from '../../../fixtures/rates.ts'

export interface DriverOptions {
  readonly driver: 'batched' | 'dgram'
  readonly listeners: readonly Endpoint[]
  readonly socketOptions: SocketOptions
  /** Words: 0 stop, 1 stall before each batch while not 0. */
  readonly flags: SharedArrayBuffer
  /** Totals by listener and counter; waiters are notified. */
  readonly totals: SharedArrayBuffer
}

const { driver, listeners, socketOptions, flags, totals }: DriverOptions = workerData
const flagWords = new Int32Array(flags)
const totalWords = new Int32Array(totals)

/** A row of words for each listener. */
function countersOf(listener: number): Counters {
  const first = listener * COUNTER_NAMES.length
  return {
    add: (counter, amount) => {
      Atomics.add(totalWords, first + counter, amount)
      Atomics.notify(totalWords, first + counter)
    },
    total: (counter) => Atomics.load(totalWords, first + counter),
  }
}

const handler = new DatagramHandler({
  tracker: {
    announce: (request, reply) => {
      reply.intervalSeconds = 1800
      reply.leechers = request.family
      return Verdict.Served
    },
    prefetch: () => {},
    scrape: (_words, _at, _credentials, counts) => {
      counts.seeders = 1
    },
  },
  clock: { steadySeconds: () => Math.floor(Date.now() / 1000) },
  measurements: { isOn: true, observe: () => {}, set: () => {} },
  connectionIds: new ConnectionIds(new Uint8Array(16)),
  policy: { validates: true, answersMismatches: true },
  rates: unlimitedRates(),
  bans: NO_BANS,
  idErrors: noIdErrors(),
  tap: new PlainTap(),
  attack: new AttackMode(createAttackMemory()),
  announces: { readsKeys: false, defaultPeersPerAnnounce: 50, maxPeersPerAnnounce: 200 },
})
const hooks = {
  shouldStop: () => Atomics.load(flagWords, 0) !== 0,
  tick: () => {
    Atomics.wait(flagWords, 1, 1)
  },
  everySecond: () => {},
}

const policy = { connectionIdMaxAgeSeconds: 3600, externalAddress: undefined }

try {
  const open = driver === 'batched' ? openBatchedSockets : openDgramSockets
  const counted = listeners.map((listener, index) => ({ ...listener, counters: countersOf(index), policy }))
  const sockets = await open(counted, handler, socketOptions)
  parentPort?.postMessage({ bound: sockets.bound })
  await sockets.run(hooks)
  await sockets.close()
} catch (error) {
  parentPort?.postMessage({ failed: String(error) })
}
