// Where the entries of an import go: to the tracker, or in a dry run into a comparison with what it has.

import type { EntryRow } from './source-row.ts'

export interface ImportSink {
  /** May keep the entry for a while. */
  readonly add: (row: EntryRow) => Promise<void>
  /** All entries that were added are dealt with afterwards. To be called once, at the end. */
  readonly flush: () => Promise<void>
}
