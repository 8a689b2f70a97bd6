import { Refusal } from '../../src/domain/refusal.ts'

/** Faults that can be simulated behind an inbound port. */
export class FakeTrouble {
  hasDatabase = true
  /** The database cannot be reached. */
  isUnavailable = false
  /** Thrown by the next call. */
  fault: Error | undefined
  /** Calls wait for it. */
  obstacle: Promise<void> = Promise.resolve()
  calls = 0

  get isAvailable(): boolean {
    return this.hasDatabase
  }

  async await(): Promise<void> {
    this.calls++
    await this.obstacle
    const { fault } = this
    this.fault = undefined
    if (fault !== undefined) throw fault
    if (!this.hasDatabase) throw new Refusal('no-database', 'the tracker runs without a database')
    if (this.isUnavailable) throw new Refusal('store-unavailable', 'the database is away')
  }

  full(): Refusal {
    return new Refusal('table-full', 'there is no room for more: limits.max_listed_torrents')
  }
}
