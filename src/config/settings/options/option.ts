// One option of the document is one row: its schema, its default, its meaning and, where it is not printed as it is
// stored, its printed form. The schema (document-schema.ts), the members of the settings and the printed document
// (members.ts), and the tables of docs/configuration.md are generated from the rows.

import type * as v from 'valibot'
import { writeDurationText } from '../../../adapters/protocol/duration-text.ts'

/**
 * What applies if the option is not given. `default`: a value. `file`: a file in the data directory. `derived`: a value
 * that a build step computes. `none`: nothing, the member is undefined. `required`: the document must have it.
 */
export type Presence = 'default' | 'file' | 'derived' | 'none' | 'required'

/** Suffix of the member's name. Seconds are printed as durations. */
type Unit = 'Seconds' | 'Bytes' | ''

/** The fields of every row. `S` is the schema, `U` the unit, `M` the member's name. */
interface Row<S extends v.GenericSchema, U extends Unit, M extends string> {
  readonly schema: S
  /** For the reference: Markdown on one line. */
  readonly meaning: string
  readonly unit?: U
  /** The member's name if it is not the key in camelCase with the unit: booleans read as statements. */
  readonly member?: M
  /** Also in Torrust's schema; all others exist in Muster only. */
  readonly isTorrusts?: true
  /** Never shown: masked when printed and in errors. */
  readonly isSecret?: true
  /** Converts the member to its form in the document; without it they are the same. */
  readonly print?: (value: v.InferOutput<S>) => unknown
}

/** Text for the reference's column of defaults where a value is not enough. */
interface InWords {
  readonly defaultInWords: string
}

export interface Option<
  S extends v.GenericSchema = v.GenericSchema,
  P extends Presence = Presence,
  U extends Unit = Unit,
  M extends string = string,
> {
  readonly presence: P
  readonly schema: S
  readonly unit: U
  /** If empty, the name is built from key and unit. */
  readonly member: M
  readonly meaning: string
  readonly default: unknown
  readonly defaultInWords: string
  readonly isTorrusts: boolean
  readonly isSecret: boolean
  readonly print: ((value: never) => unknown) | undefined
}

/** The rows of a table, or of a part of one, by key. */
export type Options = Readonly<Record<string, Option>>

type Given<S extends v.GenericSchema, U extends Unit, M extends string> = Row<S, U, M> & {
  readonly default?: unknown
  readonly defaultInWords?: string
}

function complete<S extends v.GenericSchema, const P extends Presence, U extends Unit, M extends string>(
  presence: P,
  row: Given<S, U, M>,
): Option<S, P, U, M> {
  return {
    presence,
    schema: row.schema,
    // Without a unit or a member name, their types are the empty string.
    unit: row.unit ?? ('' as U),
    member: row.member ?? ('' as M),
    meaning: row.meaning,
    default: row.default,
    defaultInWords: row.defaultInWords ?? '',
    isTorrusts: row.isTorrusts ?? false,
    isSecret: row.isSecret ?? false,
    print: row.print ?? (row.unit === 'Seconds' ? writeDurationText : undefined),
  }
}

/** An option with a default. */
export function option<S extends v.GenericSchema, const U extends Unit = '', const M extends string = ''>(
  row: Row<S, U, M> & { readonly default: NoInfer<v.InferOutput<S>> } & Partial<InWords>,
) {
  return complete('default', row)
}

/** A file that is in the data directory under this name unless the document sets another path. */
export function fileOption<S extends v.GenericSchema<string>, const M extends string = ''>(
  row: Row<S, '', M> & { readonly default: string },
) {
  return complete('file', { ...row, defaultInWords: `\`${row.default}\` in the data directory` })
}

/** An option whose default depends on other options: a build step must compute it, which the compiler enforces. */
export function derivedOption<S extends v.GenericSchema, const U extends Unit = '', const M extends string = ''>(
  row: Row<S, U, M> & InWords,
) {
  return complete('derived', row)
}

/** An option that may stay undefined. */
export function optionWithoutDefault<S extends v.GenericSchema, const U extends Unit = '', const M extends string = ''>(
  row: Row<S, U, M> & Partial<InWords>,
) {
  return complete('none', row)
}

/** An option that its table must have. */
export function requiredOption<S extends v.GenericSchema, const U extends Unit = '', const M extends string = ''>(
  row: Row<S, U, M> & Partial<InWords>,
) {
  return complete('required', row)
}
