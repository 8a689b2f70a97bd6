// Where a socket of the load sends from and to.

import { isIPv6Text } from '../protocol/address-text.ts'
import { type LoadPlan, type LoadTarget, targetOfSocket } from './load-plan.ts'

/** Elsewhere only 127.0.0.1 belongs to the machine. */
const HAS_ALL_LOOPBACK = process.platform === 'linux' || process.platform === 'win32'

export interface SocketRoute {
  /** Undefined: the kernel chooses. */
  readonly from: string | undefined
  readonly target: LoadTarget
}

/** A loopback target is asked from a loopback address for each socket, so that a tracker sees many clients. */
export function routeOf(plan: LoadPlan, socket: number): SocketRoute {
  const target = targetOfSocket(plan, socket)
  const isLoopback = HAS_ALL_LOOPBACK && !isIPv6Text(target.address) && target.address.startsWith('127.')
  return { from: isLoopback ? loopbackAddress(socket) : undefined, target }
}

/** From 127.0.0.1 on, without those that end in 0 or 255. */
function loopbackAddress(socket: number): string {
  return `127.0.${Math.floor(socket / 250)}.${(socket % 250) + 1}`
}
