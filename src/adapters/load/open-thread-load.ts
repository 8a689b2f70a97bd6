// Composes the load of one thread: its sockets, by the fastest way that this machine has, and what uses them.

import { libcObstacle } from '../linux/libc.ts'
import { openHttpConnections } from './http/http-connections.ts'
import { HttpLoad } from './http/http-load.ts'
import { HttpRequests } from './http/http-requests.ts'
import { SlowHeads } from './http/slow-heads.ts'
import type { LoadPlan } from './load-plan.ts'
import type { LoadTally } from './load-tally.ts'
import type { Population } from './population.ts'
import { routeOf, type SocketRoute } from './socket-route.ts'
import type { ThreadLoad } from './thread-load.ts'
import { DatagramBatch } from './udp/datagram-batch.ts'
import { openDgramLoadSockets } from './udp/dgram-load-sockets.ts'
import { openLinuxLoadSockets } from './udp/linux-load-sockets.ts'
import { UdpLoad } from './udp/udp-load.ts'

export interface ThreadLoadParts {
  readonly plan: LoadPlan
  readonly thread: number
  readonly population: Population
  readonly tally: LoadTally
  readonly onFailure: (text: string) => void
}

/** Microseconds of this thread. */
function microseconds(): number {
  return performance.now() * 1000
}

/** Rejects with a sentence for the user if this machine cannot do it. */
export async function openThreadLoad(parts: ThreadLoadParts): Promise<ThreadLoad> {
  const { plan, thread } = parts
  const routes = Array.from({ length: plan.sockets }, (_, socket) => routeOf(plan, thread * plan.sockets + socket))
  const obstacle = await libcObstacle()
  if (plan.transport === 'udp') return openUdp(parts, routes, obstacle === undefined)
  if (obstacle !== undefined) throw new Error(`muster load http cannot run here: ${obstacle}`)
  return openHttp(parts, routes)
}

async function openUdp(
  parts: ThreadLoadParts,
  routes: readonly SocketRoute[],
  isBatched: boolean,
): Promise<ThreadLoad> {
  const batch = new DatagramBatch()
  const sockets = await (isBatched ? openLinuxLoadSockets : openDgramLoadSockets)(routes, batch)
  return new UdpLoad({ ...parts, sockets, batch, clock: microseconds })
}

async function openHttp(parts: ThreadLoadParts, routes: readonly SocketRoute[]): Promise<ThreadLoad> {
  const { plan, tally, thread } = parts
  const slow = thread === 0 ? plan.slowHeads : 0
  const connections = await openHttpConnections(routes)
  const requests = new HttpRequests({ ...parts, memory: connections.requests })
  const slowRoutes = Array.from({ length: slow }, (_, socket) => routeOf(plan, socket))
  const slowHeads = new SlowHeads(await openHttpConnections(slowRoutes), tally)
  return new HttpLoad({ ...parts, connections, requests, slowHeads, clock: microseconds })
}
