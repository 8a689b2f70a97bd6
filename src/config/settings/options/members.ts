// Converts between rows and settings: the members for a table's options, and the printed table for the members.

import { join } from 'node:path'
import type * as v from 'valibot'
import { MASK } from '../mask.ts'
import { isTable, type Table } from '../tree.ts'
import type { Option, Options, Presence } from './option.ts'

type CamelCase<Key extends string> = Key extends `${infer Word}_${infer Rest}`
  ? `${Word}${Capitalize<CamelCase<Rest>>}`
  : Key

type MemberName<Key extends string, O extends Option> = O['member'] extends ''
  ? `${CamelCase<Key>}${O['unit']}`
  : O['member']

type OptionsWithoutFiles = Readonly<Record<string, Option<v.GenericSchema, Exclude<Presence, 'file'>>>>

type Value<O extends Option> = v.InferOutput<O['schema']>

/** The members as the settings have them: `max_keys` is `maxKeys`, `headers_timeout` is `headersTimeoutSeconds`. */
export type MembersOf<R extends Options> = {
  readonly [Key in keyof R & string as MemberName<Key, R[Key]>]: R[Key]['presence'] extends 'none'
    ? Value<R[Key]> | undefined
    : Value<R[Key]>
}

/** The same before the build step that computes what depends on other options. */
type GivenMembers<R extends Options> = {
  readonly [Key in keyof R & string as MemberName<Key, R[Key]>]: R[Key]['presence'] extends 'none' | 'derived'
    ? Value<R[Key]> | undefined
    : Value<R[Key]>
}

/** A table of a valid document, or undefined where the document has none. */
type GivenTable<R extends Options> = { readonly [Key in keyof R]?: Value<R[Key]> | undefined } | undefined

function memberName(key: string, { member, unit }: Option): string {
  return member || key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) + unit
}

type DefaultOf = (row: Option) => unknown

function fill<R extends Options>(rows: R, table: GivenTable<R>, defaultOf: DefaultOf): GivenMembers<R> {
  const given: Table = { ...table }
  const members = Object.entries(rows).map(([key, row]) => [memberName(key, row), given[key] ?? defaultOf(row)])
  // The entries are those of the type; `fromEntries` loses which value belongs to which name.
  return Object.fromEntries(members) as GivenMembers<R>
}

/** The document's values, and defaults for the rest. */
export function membersOf<R extends OptionsWithoutFiles>(rows: R, table: GivenTable<R>): GivenMembers<R> {
  return fill(rows, table, (row) => row.default)
}

/** The same for a table with files that are in the data directory by default. */
export function membersWithFiles<R extends Options>(
  rows: R,
  table: GivenTable<R>,
  dataDirectory: string,
): GivenMembers<R> {
  return fill(rows, table, (row) => (row.presence === 'file' ? join(dataDirectory, String(row.default)) : row.default))
}

/** The document has at least one of these options. */
export function isGiven<R extends Options>(rows: R, table: GivenTable<R>): boolean {
  const given: Table = { ...table }
  return Object.keys(rows).some((key) => given[key] !== undefined)
}

/** Drops undefined values, and tables that are empty then. */
export function withoutEmpty(options: Table): Table {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([, value]) => value !== undefined && !(isTable(value) && Object.keys(value).length === 0),
    ),
  )
}

/** A mask for a secret, or for each secret in a table. */
function mask(secret: unknown): unknown {
  return isTable(secret) ? Object.fromEntries(Object.keys(secret).map((label) => [label, MASK])) : MASK
}

function printOption(row: Option, value: unknown): unknown {
  if (value === undefined) return undefined
  if (row.isSecret) return mask(value)
  // The value is of the type that the row's own schema gives.
  return row.print === undefined ? value : row.print(value as never)
}

/** The members in their form in the document, without undefined ones. */
export function printMembers<R extends Options>(rows: R, members: MembersOf<R>): Table {
  const values: Table = { ...members }
  return withoutEmpty(
    Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, printOption(row, values[memberName(key, row)])])),
  )
}
