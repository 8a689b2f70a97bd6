// Problem details (RFC 9457): what a request is answered with that could not be done.

import * as v from 'valibot'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const ProblemSchema = v.strictObject({
  type: v.pipe(v.string(), v.description('Always about:blank: `code` tells problems apart.')),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  code: v.pipe(v.string(), v.description('Which problem it is, in a word that does not change.')),
  detail: v.optional(v.string()),
  errors: v.optional(
    v.pipe(
      v.array(v.strictObject({ path: v.string(), message: v.string() })),
      v.description('What is wrong where in the request; the first 20.'),
    ),
  ),
  progress: v.optional(
    v.pipe(
      v.strictObject({ lines: count, added: count, present: count, invalid: count }),
      v.description('How far an import came that could not be finished. Lines read up to here have been dealt with.'),
    ),
  ),
})
export type Problem = v.InferOutput<typeof ProblemSchema>

/** What is wrong with one field. */
export interface FieldError {
  /** Names and indexes with dots in between: `info_hashes.3`. */
  readonly path: string
  readonly message: string
}
