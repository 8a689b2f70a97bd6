// Chooses the driver: batched where it can run, node:dgram elsewhere, with a reason for the start-up log.

import { libcObstacle } from '../../linux/libc.ts'

type UdpDriver = 'batched' | 'dgram'
export type UdpDriverSetting = 'auto' | UdpDriver

export interface UdpDriverChoice {
  readonly driver: UdpDriver
  /** Why this driver was chosen, for the operator. */
  readonly reason: string
}

/** Throws an error written for the operator if the batched driver is required but cannot run. */
export async function chooseUdpDriver(
  setting: UdpDriverSetting,
  batchedObstacle: () => Promise<string | undefined> = libcObstacle,
): Promise<UdpDriverChoice> {
  if (setting === 'dgram') return { driver: 'dgram', reason: 'as configured' }
  const obstacle = await batchedObstacle()
  if (obstacle === undefined) return { driver: 'batched', reason: 'recvmmsg and sendmmsg are available' }
  if (setting === 'batched') throw new Error(`the batched UDP driver cannot run: ${obstacle}`)
  return { driver: 'dgram', reason: obstacle }
}
