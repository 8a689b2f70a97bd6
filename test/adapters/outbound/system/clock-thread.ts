// A thread that reports the time by the time base that it was given.

import { parentPort, workerData } from 'node:worker_threads'
import { SystemClock } from '../../../../src/adapters/outbound/system/system-clock.ts'
import { TickingClock } from '../../../../src/adapters/outbound/system/ticking-clock.ts'

parentPort?.postMessage(
  [new SystemClock(workerData), new TickingClock(workerData)].map((clock) => clock.steadySeconds()),
)
