// Datagrams that the kernel dropped for want of room, from the tables of /proc (Linux; elsewhere nothing is counted).

import { readFileSync } from 'node:fs'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { UdpTally } from '../udp-tally.ts'

const TABLES = ['/proc/net/udp', '/proc/net/udp6']

/**
 * Drops of the sockets on `ports` in a table: a heading, then a line a socket of fields between spaces, the second of
 * which is `address:port` in hexadecimal digits and the last the drops.
 */
export function readDrops(table: string, ports: ReadonlySet<number>): number {
  let drops = 0
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)
    if (ports.has(port)) drops += Number(fields.at(-1))
  }
  return drops
}

export class KernelDrops {
  readonly #ports: ReadonlySet<number>
  #seen: number

  constructor(ports: readonly number[]) {
    this.#ports = new Set(ports)
    this.#seen = this.#read()
  }

  /** Adds what came since the last time. */
  count(tally: UdpTally): void {
    const drops = this.#read()
    tally.counts[Counter.udp_kernel_drops] += Math.max(0, drops - this.#seen)
    this.#seen = drops
  }

  #read(): number {
    if (process.platform !== 'linux' || this.#ports.size === 0) return 0
    return TABLES.map(readTable).reduce((drops, table) => drops + readDrops(table, this.#ports), 0)
  }
}

/** Empty where the system does not have, or show, the table. */
function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
