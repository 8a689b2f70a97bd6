// The length that an announce or a scrape must have at least (BEP 15).

import { Action, ANNOUNCE_REQUEST_BYTES } from './layout.ts'
import { readHashCount } from './scrape.ts'

/** Whether an announce or a scrape has what it must have: one without it is malformed, whatever its id. */
export function isCompleteRequest(action: number, length: number): boolean {
  return action === Action.Announce ? length >= ANNOUNCE_REQUEST_BYTES : readHashCount(length) > 0
}
