// Problem details (RFC 9457): the answer to a request that failed.

import * as v from 'valibot'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const ProblemSchema = v.strictObject({
  type: v.pipe(v.string(), v.description('Always about:blank; `code` identifies the problem.')),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  code: v.pipe(v.string(), v.description('Identifies the problem; stable across versions.')),
  detail: v.optional(v.string()),
  errors: v.optional(
    v.pipe(
      v.array(v.strictObject({ path: v.string(), message: v.string() })),
      v.description('The first 20 errors in the request, with their paths.'),
    ),
  ),
  progress: v.optional(
    v.pipe(
      v.strictObject({ lines: count, added: count, present: count, invalid: count }),
      v.description('How far an unfinished import got. Lines up to this one have been processed.'),
    ),
  ),
})
export type Problem = v.InferOutput<typeof ProblemSchema>

/** An error in one field. */
export interface FieldError {
  /** Names and indexes separated by dots: `info_hashes.3`. */
  readonly path: string
  readonly message: string
}
