// Which driver serves: the batched one where it can, node:dgram elsewhere, and the reason for the start log.

import { libcObstacle } from './batched/libc.ts'

type UdpDriver = 'batched' | 'dgram'
export type UdpDriverSetting = 'auto' | UdpDriver

export interface UdpDriverChoice {
  readonly driver: UdpDriver
  /** For the operator: why this one. */
  readonly reason: string
}

/** Throws, in words for an operator, if the batched driver is insisted on and cannot run. */
export async function chooseUdpDriver(
  setting: UdpDriverSetting,
  batchedObstacle: () => Promise<string | undefined> = libcObstacle,
): Promise<UdpDriverChoice> {
  if (setting === 'dgram') return { driver: 'dgram', reason: 'as configured' }
  const obstacle = await batchedObstacle()
  if (obstacle === undefined) return { driver: 'batched', reason: 'recvmmsg and sendmmsg are there' }
  if (setting === 'batched') throw new Error(`the batched UDP driver cannot run: ${obstacle}`)
  return { driver: 'dgram', reason: obstacle }
}
