// The records of all endpoints. A host whose addresses change for months has a bounded number of them.

import { EndpointRecord } from './endpoint-record.ts'
import type { ProbeEvent } from './probe-event.ts'

const MAX_ADDRESSES = 32

export class Records {
  /** By tracker, in the order in which they were given, then by address. */
  readonly #trackers: ReadonlyMap<string, Map<string, EndpointRecord>>

  constructor(urls: readonly string[]) {
    this.#trackers = new Map(urls.map((url) => [url, new Map()]))
  }

  /** False if the tracker is not watched. */
  add(event: ProbeEvent): boolean {
    const records = this.#trackers.get(event.url)
    if (records === undefined) return false
    const place = event.address ?? ''
    let record = records.get(place)
    if (record === undefined) {
      if (records.size >= MAX_ADDRESSES) forgetOldest(records)
      record = new EndpointRecord(event.url, event.address)
      records.set(place, record)
    }
    record.add(event)
    return true
  }

  all(): readonly EndpointRecord[] {
    return [...this.#trackers.values()].flatMap((records) => [...records.values()])
  }
}

function forgetOldest(records: Map<string, EndpointRecord>): void {
  const [oldest] = [...records].sort(([, one], [, other]) => one.lastAtMs - other.lastAtMs)
  records.delete(oldest[0])
}
