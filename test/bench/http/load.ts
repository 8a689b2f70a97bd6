// Runs the load generator for HTTP on its core, and starts the servers that only answer.

import { fileURLToPath } from 'node:url'
import { LOAD_CORES, outputOf, pinnedTo, SERVER_CORES, type Server, startServer } from '../processes.ts'
import type { NativeTools } from '../udp/native-tools.ts'

const BARE_SERVER = fileURLToPath(new URL('./bare-server.ts', import.meta.url))

/** The output of http-load. */
export interface HttpFigures {
  readonly responses: number
  readonly responsesPerSecond: number
  readonly refused: number
  readonly broken: number
  readonly peersPerAnnounce: number
  readonly bytesPerResponse: number
  readonly p50Us: number
  readonly p99Us: number
  readonly cpuPerResponseUs: number
}

export interface HttpTarget {
  readonly pid: number
  readonly port: number
}

export async function runHttpLoad(
  tools: NativeTools,
  { pid, port }: HttpTarget,
  options: readonly string[],
): Promise<HttpFigures> {
  const place = ['--pid', String(pid), '127.0.0.1', String(port)]
  return JSON.parse(await outputOf([...pinnedTo(LOAD_CORES), tools.httpLoad, ...options, ...place]))
}

/** Sizes of a reply. */
export interface ReplySize {
  readonly headBytes: number
  readonly bodyBytes: number
}

export function startFloor(tools: NativeTools, { headBytes, bodyBytes }: ReplySize): Promise<Server & HttpTarget> {
  return startOn([tools.httpFloor, String(headBytes), String(bodyBytes)])
}

export function startBareServer({ headBytes, bodyBytes }: ReplySize): Promise<Server & HttpTarget> {
  return startOn([process.execPath, BARE_SERVER, String(headBytes), String(bodyBytes)])
}

async function startOn(command: readonly string[]): Promise<Server & HttpTarget> {
  const server = await startServer([...pinnedTo(SERVER_CORES), ...command])
  return { pid: server.pid, port: Number(/port (\d+)/.exec(server.line)?.[1]), stop: () => server.stop() }
}
