// The records of all endpoints. A host whose addresses change for months has a bounded number of them.

import { EndpointRecord } from './endpoint-record.ts'
import type { ProbeEvent } from './probe-event.ts'

const MAX_ADDRESSES = 32

export class Records {
  /** By name, in the order in which they were given. */
  readonly #trackers: ReadonlyMap<string, TrackerRecords>

  constructor(names: readonly string[]) {
    this.#trackers = new Map(names.map((name) => [name, new TrackerRecords()]))
  }

  /** False if the tracker is not watched. */
  add(event: ProbeEvent): boolean {
    const tracker = this.#trackers.get(event.url)
    tracker?.add(event)
    return tracker !== undefined
  }

  /** A look-up of the tracker's host has found these addresses, and no others. */
  noteAddresses(name: string, addresses: readonly string[]): void {
    this.#trackers.get(name)?.noteAddresses(addresses)
  }

  /** Also those of addresses that have left DNS. */
  all(): readonly EndpointRecord[] {
    return [...this.#trackers.values()].flatMap((tracker) => tracker.all())
  }

  current(): readonly EndpointRecord[] {
    return this.all().filter(({ isCurrent }) => isCurrent)
  }
}

class TrackerRecords {
  readonly #byAddress = new Map<string, EndpointRecord>()
  /** Only while no address is known. */
  #withoutAddress: EndpointRecord | undefined

  /** An event without an address is of the whole tracker: it counts for each address that it has. */
  add(event: ProbeEvent): void {
    const { url, address } = event
    if (address !== undefined) {
      this.#withoutAddress = undefined
      this.#recordOf(url, address).add(event)
      return
    }
    const known = [...this.#byAddress.values()].filter(({ isCurrent }) => isCurrent)
    if (known.length === 0) this.#withoutAddress ??= new EndpointRecord(url, undefined)
    this.#withoutAddress?.add(event)
    for (const record of known) record.add(event)
  }

  noteAddresses(addresses: readonly string[]): void {
    this.#withoutAddress = undefined
    for (const [address, record] of this.#byAddress) record.isCurrent = addresses.includes(address)
  }

  all(): readonly EndpointRecord[] {
    return [...(this.#withoutAddress === undefined ? [] : [this.#withoutAddress]), ...this.#byAddress.values()]
  }

  #recordOf(url: string, address: string): EndpointRecord {
    let record = this.#byAddress.get(address)
    if (record === undefined) {
      if (this.#byAddress.size >= MAX_ADDRESSES) forgetOldest(this.#byAddress)
      record = new EndpointRecord(url, address)
      this.#byAddress.set(address, record)
    }
    return record
  }
}

/** Of those that are not current, if there is one. */
function forgetOldest(records: Map<string, EndpointRecord>): void {
  const [oldest] = [...records].sort(
    ([, one], [, other]) => Number(one.isCurrent) - Number(other.isCurrent) || one.lastAtMs - other.lastAtMs,
  )
  records.delete(oldest[0])
}
