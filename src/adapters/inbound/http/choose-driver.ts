// Chooses the driver of plain HTTP listeners: the plain one where it can run, node:http alone elsewhere, with a reason
// for the start-up log.

import { linuxObstacle } from '../../linux/linux-obstacle.ts'
import { loadTcpCalls } from '../../linux/tcp-calls.ts'

type HttpDriver = 'plain' | 'node'
export type HttpDriverSetting = 'auto' | HttpDriver

export interface HttpDriverChoice {
  readonly driver: HttpDriver
  /** Why this driver was chosen, for the operator. */
  readonly reason: string
}

function plainObstacle(): Promise<string | undefined> {
  return linuxObstacle('epoll', loadTcpCalls)
}

/** Throws an error written for the operator if the plain driver is required but cannot run. */
export async function chooseHttpDriver(
  setting: HttpDriverSetting,
  findObstacle: () => Promise<string | undefined> = plainObstacle,
): Promise<HttpDriverChoice> {
  if (setting === 'node') return { driver: 'node', reason: 'node:http, as configured' }
  const obstacle = await findObstacle()
  if (obstacle === undefined) return { driver: 'plain', reason: 'plain driver beside node:http' }
  if (setting === 'plain') throw new Error(`the plain HTTP driver cannot run: ${obstacle}`)
  return { driver: 'node', reason: `node:http: ${obstacle}` }
}
