import { Refusal } from '../../src/domain/refusal.ts'

/** A store in memory that can be made unavailable, like a database. */
export class SwitchableStore {
  isUnavailable = false

  protected requireAvailable(): void {
    if (this.isUnavailable) throw new Refusal('store-unavailable', 'the database cannot be used at the moment')
  }
}
