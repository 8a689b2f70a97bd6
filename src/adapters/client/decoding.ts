// Strict and lenient decoding: what becomes of the deviations that a reader has noted.

import type { Deviations } from '../protocol/deviations.ts'
import { TrackerError } from './tracker-error.ts'

/** lenient: deviations are tolerated and listed in the answer. strict: they are an error that lists them. */
export type Decoding = 'lenient' | 'strict'

export function settleDeviations(decoding: Decoding, deviations: Deviations): readonly string[] {
  const { list } = deviations
  if (decoding === 'lenient' || list.length === 0) return list
  throw new TrackerError('not-a-reply', `the answer deviates from the protocol: ${list.join('; ')}`, {
    stage: 'parse',
    deviations: list,
  })
}
