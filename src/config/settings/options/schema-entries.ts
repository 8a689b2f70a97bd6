// Turns rows into the entries of a table's schema, and finds the rows of a schema again.

import * as v from 'valibot'
import type { Option, Options } from './option.ts'

type EntriesOf<R extends Options> = {
  readonly [Key in keyof R]: R[Key]['presence'] extends 'required'
    ? R[Key]['schema']
    : v.OptionalSchema<R[Key]['schema'], undefined>
}

export function entriesOf<R extends Options>(rows: R): EntriesOf<R> {
  const entries = Object.entries(rows).map(([key, row]) => {
    const schema = v.pipe(row.schema, v.metadata({ row }))
    return [key, row.presence === 'required' ? schema : v.optional(schema)]
  })
  // Metadata changes neither the input nor the output type of a schema.
  return Object.fromEntries(entries) as EntriesOf<R>
}

/** What all parts of a schema have in common, as far as walking it requires. */
export interface SchemaPart {
  readonly type: string
  readonly entries?: Readonly<Record<string, SchemaPart>>
  readonly wrapped?: SchemaPart
  readonly item?: SchemaPart
  readonly pipe?: readonly SchemaPart[]
  readonly metadata?: { readonly row?: Option }
}

/** A row and its path. Array elements have no index: `udp_trackers`, `bind_address`. */
export interface PlacedOption {
  readonly path: readonly string[]
  readonly row: Option
}

function rowOf({ pipe = [] }: SchemaPart): Option | undefined {
  return pipe.map(({ metadata }) => metadata?.row).find((row) => row !== undefined)
}

/** The options of a document's schema, in its order. */
export function placedOptions(schema: SchemaPart, path: readonly string[] = []): readonly PlacedOption[] {
  const row = rowOf(schema)
  if (row !== undefined) return [{ path, row }]
  if (schema.pipe !== undefined) return schema.pipe.flatMap((step) => placedOptions(step, path))
  const inside = schema.wrapped ?? schema.item
  if (inside !== undefined) return placedOptions(inside, path)
  return Object.entries(schema.entries ?? {}).flatMap(([key, entry]) => placedOptions(entry, [...path, key]))
}
