// Chooses the driver of plain HTTP listeners: the plain one where it can run, node:http alone elsewhere, with a reason
// for the start-up log.

import { errorMessage } from '../../../domain/error-message.ts'
import { loadTcpCalls } from './plain/tcp-calls.ts'

type HttpDriver = 'plain' | 'node'
export type HttpDriverSetting = 'auto' | HttpDriver

export interface HttpDriverChoice {
  readonly driver: HttpDriver
  /** Why this driver was chosen, for the operator. */
  readonly reason: string
}

/** Architectures with the structure layouts of the plain driver: 64 bits, little endian. */
const ARCHITECTURES = ['x64', 'arm64', 'riscv64', 'loong64']

/** Why the plain driver cannot run here, as far as the platform decides; undefined when it can. */
function platformObstacle(platform = process.platform, arch = process.arch): string | undefined {
  if (platform !== 'linux') return `epoll is a Linux call, and this is ${platform}`
  return ARCHITECTURES.includes(arch) ? undefined : `not built for ${arch}`
}

async function plainObstacle(): Promise<string | undefined> {
  const obstacle = platformObstacle()
  if (obstacle !== undefined) return obstacle
  try {
    await loadTcpCalls()
    return undefined
  } catch (error) {
    return `koffi cannot be loaded: ${errorMessage(error)}`
  }
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
