// Runs wrk with the announce script against a server and adds the server's CPU time.

import { fileURLToPath } from 'node:url'
import { cpuSecondsOf, LOAD_CORES, outputOf, pinnedTo } from '../processes.ts'

const SCRIPT = fileURLToPath(new URL('./announce.lua', import.meta.url))
const TORRENTS = 100
const PEERS_PER_TORRENT = 400

export interface WrkFigures {
  readonly requests: number
  readonly seconds: number
  readonly bytes: number
  readonly failures: number
  readonly timeouts: number
  readonly p50Us: number
  readonly p99Us: number
  readonly cpuPerRequestUs: number
}

export type Connections = 'keep-alive' | 'close'

export interface Place {
  readonly pid: number
  readonly port: number
}

export async function runWrk(
  { pid, port }: Place,
  connections: Connections,
  sockets: number,
  seconds: number,
): Promise<WrkFigures> {
  const cpuBefore = cpuSecondsOf(pid)
  const words = ['wrk', '-t1', `-c${sockets}`, `-d${seconds}s`, '-s', SCRIPT, `http://127.0.0.1:${port}`, '--']
  const shape = [String(TORRENTS), String(PEERS_PER_TORRENT), connections]
  const output = await outputOf([...pinnedTo(LOAD_CORES), ...words, ...shape])
  const line = output.split('\n').findLast((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`wrk printed no figures: ${output}`)
  const figures: Omit<WrkFigures, 'cpuPerRequestUs'> = JSON.parse(line)
  return { ...figures, cpuPerRequestUs: ((cpuSecondsOf(pid) - cpuBefore) * 1e6) / figures.requests }
}
