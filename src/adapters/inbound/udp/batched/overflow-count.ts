// Tells apart why the kernel dropped datagrams. A socket counts those that a filter rejected together with those that
// found its receive buffer full; only the statistics of the whole network namespace have the latter alone. What they
// cannot decide counts as overflow, which is what an operator must act on.

import { readFileSync } from 'node:fs'

const NAMES = ['RcvbufErrors', 'MemErrors']

/** `/proc/net/snmp` has pairs of lines: `Udp: InDatagrams … RcvbufErrors …`, then `Udp: 7 … 0 …`. */
export function readOverflowsIPv4(table: string): number {
  const [names, values] = table
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.trim().split(' '))
  if (names === undefined || values === undefined) return Number.NaN
  return NAMES.reduce((sum, name) => sum + Number(values[names.indexOf(name)] ?? 0), 0)
}

/** `/proc/net/snmp6` has a line for each: `Udp6RcvbufErrors   0`. */
export function readOverflowsIPv6(table: string): number {
  const values = new Map(table.split('\n').map((line) => line.trim().split(/\s+/) as [string, string]))
  if (!values.has('Udp6RcvbufErrors')) return Number.NaN
  return NAMES.reduce((sum, name) => sum + Number(values.get(`Udp6${name}`) ?? 0), 0)
}

/** The drops of the network namespace so far; NaN where it does not tell. */
function readOverflows(isIPv6: boolean): number {
  try {
    const table = readFileSync(isIPv6 ? '/proc/net/snmp6' : '/proc/net/snmp', 'latin1')
    return isIPv6 ? readOverflowsIPv6(table) : readOverflowsIPv4(table)
  } catch {
    return Number.NaN
  }
}

export class OverflowCount {
  readonly #read: () => number
  #seen = 0
  /** Overflows that no drops of this socket have been attributed to yet. */
  #unclaimed = 0

  constructor(isIPv6: boolean, read = () => readOverflows(isIPv6)) {
    this.#read = read
  }

  /** To be called when a filter is attached. */
  begin(): void {
    this.#seen = this.#read()
    this.#unclaimed = 0
  }

  /** How many of the socket's last `drops` were overflows. The socket's own count must have been read before. */
  among(drops: number): number {
    const total = this.#read()
    const fresh = total - this.#seen
    this.#seen = total
    if (Number.isNaN(fresh)) return drops
    const overflows = Math.min(drops, this.#unclaimed + fresh)
    // An overflow between the two readings belongs to the next drops; later ones are those of other sockets.
    this.#unclaimed = Math.max(0, fresh - overflows)
    return overflows
  }
}
