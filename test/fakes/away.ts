import { Refusal } from '../../src/domain/refusal.ts'

/** A store in memory that can be away, as a database can. */
export class Away {
  isAway = false

  protected present(): void {
    if (this.isAway) throw new Refusal('store-unavailable', 'the database cannot be used at the moment')
  }
}
