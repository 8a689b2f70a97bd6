// Datagrams that the kernel dropped because the receive buffer was full, from /proc (Linux; 0 elsewhere).

import { readFileSync } from 'node:fs'
import type { Counters } from '../../../../domain/ports/outbound/counters.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'

const TABLES = ['/proc/net/udp', '/proc/net/udp6']

/**
 * Sums the drops of the sockets on `ports`. The table has a heading, then one line per socket with fields separated by
 * spaces: the second is `address:port` in hexadecimal, the last is the drops.
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

  /** Adds the drops since the last call. */
  count(counters: Counters): void {
    const drops = this.#read()
    if (drops > this.#seen) counters.add(Counter.udp_kernel_drops, drops - this.#seen)
    this.#seen = drops
  }

  #read(): number {
    if (process.platform !== 'linux' || this.#ports.size === 0) return 0
    return TABLES.map(readTable).reduce((drops, table) => drops + readDrops(table, this.#ports), 0)
  }
}

/** Empty if the table does not exist or cannot be read. */
function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
