// REST v2: the answer to an import of lines.

import * as v from 'valibot'
import { count } from './fields.ts'

export const ImportResultSchema = v.strictObject({
  added: count,
  present: count,
  invalid: count,
  problems: v.pipe(
    v.array(v.strictObject({ line: count, message: v.string() })),
    v.description('The first 100 skipped lines, with reasons.'),
  ),
})
