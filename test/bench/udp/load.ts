// Runs the load generator and the floor, each on its own core.

import { execFileSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { LOAD_CORES, outputOf, pinnedTo, SERVER_CORES, startServer } from '../processes.ts'
import type { NativeTools } from './native-tools.ts'

/** The output of udp-load. */
export interface LoadFigures {
  readonly fillSeconds: number
  readonly seconds: number
  readonly responses: number
  readonly responsesPerSecond: number
  readonly connects: number
  readonly announces: number
  readonly scrapes: number
  readonly failures: number
  readonly malformed: number
  readonly late: number
  readonly timeouts: number
  readonly peersPerAnnounce: number
  readonly p50Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly cpuPerResponseUs: number
  readonly cores: number
  readonly cpuByThreadUs?: Readonly<Record<string, number>>
  readonly lastFailure?: string
}

export interface Target {
  readonly pid: number
  readonly host: string
  readonly port: number
}

/** Writes the info hashes of all torrents of a load to a file, in hex, one per line. */
export function writeInfoHashes(tools: NativeTools, shape: readonly string[], file: string): void {
  const out = openSync(file, 'w', 0o644)
  execFileSync(tools.load, [...shape, '--print-hashes'], { stdio: ['ignore', out, 'inherit'] })
  closeSync(out)
}

export class Load {
  readonly #tools: NativeTools
  readonly #shape: readonly string[]

  /** `shape`: the options that determine the requests. */
  constructor(tools: NativeTools, shape: readonly string[]) {
    this.#tools = tools
    this.#shape = shape
  }

  /** Announces every peer once, then runs one second of load to measure the peers per reply. */
  fill(target: Target): Promise<LoadFigures> {
    return this.#run(target, ['--fill', '--warm-up', '0', '--duration', '1'])
  }

  measure(target: Target, seconds: number, warmUpSeconds = 2): Promise<LoadFigures> {
    const times = ['--duration', String(seconds), '--warm-up', String(warmUpSeconds)]
    return this.#run(target, [...times, '--by-thread'])
  }

  /** CPU per response of the cheapest possible server, with `peers` peers per reply. */
  async floor(peers: number, seconds: number): Promise<LoadFigures> {
    const floor = await startServer([...pinnedTo(SERVER_CORES), this.#tools.floor, '0', String(peers)])
    try {
      const port = Number(/port (\d+)/.exec(floor.line)?.[1])
      return await this.measure({ pid: floor.pid, host: '127.0.0.1', port }, seconds, 1)
    } finally {
      await floor.stop()
    }
  }

  async #run({ pid, host, port }: Target, options: readonly string[]): Promise<LoadFigures> {
    const place = ['--pid', String(pid), host, String(port)]
    const output = await outputOf([...pinnedTo(LOAD_CORES), this.#tools.load, ...this.#shape, ...options, ...place])
    return JSON.parse(output)
  }
}
