// Every option as docs/configuration.md describes it: its type is derived from its schema, the rest is in its row.

import { writeDurationText } from '../../../../src/adapters/protocol/duration-text.ts'
import { documentSchema } from '../../../../src/config/settings/document-schema.ts'
import type { Option as Row } from '../../../../src/config/settings/options/option.ts'
import { placedOptions } from '../../../../src/config/settings/options/schema-entries.ts'

export interface Option {
  /** Array elements have no index: `udp_trackers.bind_address`. */
  readonly path: string
  readonly type: string
  /** Empty if there is none. */
  readonly byDefault: string
  /** T for Torrust, M for Muster. */
  readonly origin: 'T' | 'M'
  readonly meaning: string
}

/** What all parts of a schema have in common, as far as it is needed here. */
interface Schema {
  readonly type: string
  readonly message?: unknown
  readonly requirement?: unknown
  readonly item?: Schema
  readonly pipe?: readonly Schema[]
}

/** More than any operator would set: such a limit is not mentioned. */
const BOUNDLESS = 2_147_483_647

export function allOptions(): readonly Option[] {
  return placedOptions(documentSchema).map(({ path, row }) => ({
    path: path.join('.'),
    type: typeOf(row.schema),
    byDefault: defaultOf(row),
    origin: row.isTorrusts ? 'T' : 'M',
    meaning: row.meaning,
  }))
}

function defaultOf(row: Row): string {
  if (row.defaultInWords !== '') return row.defaultInWords
  if (row.presence === 'required') return 'must be given'
  if (row.default === undefined) return ''
  // The row's default has the type that its `print` expects.
  const value = row.print === undefined ? row.default : row.print(row.default as never)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return value === undefined ? '' : 'empty'
  return /^\d+ [KMG]iB$|^\d+[smhd]$/.test(value) ? `\`"${value}"\`` : `\`${value}\``
}

/** A schema's steps, including those of nested schemas. */
function stepsOf(schema: Schema): readonly Schema[] {
  return schema.pipe === undefined ? [schema] : schema.pipe.flatMap(stepsOf)
}

/** The text of an option's error, shortened for the table. */
const WORDS: readonly (readonly [said: RegExp, type: (match: RegExpExecArray, steps: readonly Schema[]) => string])[] =
  [
    [/^must be true or false$/, () => 'boolean'],
    [/^must be a fraction from 0 to 1$/, () => '0.0 to 1.0'],
    [/^must be a size from "(.+)" to "(.+)",/, ([, least, most]) => `size, ${least} to ${most}`],
    [/^must be "auto" or a whole number from (\d+) to (\d+)$/, ([, least, most]) => `${least} to ${most}, or \`auto\``],
    [
      /^must be a whole number of seconds from (\d+) to (\d+), or a duration/,
      ([, least, most], steps) => durationOf(Math.max(Number(least), ...bounds(steps, 'min_value')), Number(most)),
    ],
    [/^must be a whole number of seconds, a duration .*, or (\{.+\})$/, ([, table]) => `duration, or \`${table}\``],
    [/^must be an IP address and a port/, () => 'address and port'],
    [/^must be an IP address$/, () => 'IP address'],
    [/^must be an address or a network/, () => 'addresses and networks'],
    [/^must be a port or a range/, () => 'ports and ranges'],
    [/^must be an origin/, () => 'origins'],
    [/^must be the name or the IP address of a host/, () => 'host names and addresses'],
    [/^must be a URL$/, () => 'URL'],
    [/^must be a URL that begins with (.+)$/, ([, schemes = '']) => `${schemes.replaceAll(/\w+:\/\//g, '`$&`')} URL`],
    [/^must be a table of names and lists of networks$/, () => 'table of name and networks'],
    [/^must be a table of labels and tokens$/, () => 'table of label and token'],
    [/^must be (the path of|a directory)/, () => 'path'],
    [/^must be (text|the name)/, () => 'text'],
    [/^must be the permission bits/, () => 'octal digits'],
    [/^must be ".+"$/, ([all]) => [...all.matchAll(/"([^"]+)"/g)].map(([, word]) => `\`${word}\``).join(', ')],
  ]

function typeOf(schema: Schema): string {
  if (schema.type === 'array' && schema.item) return `array of ${typeOf(schema.item)}`
  const steps = stepsOf(schema)
  if (steps.some(({ type }) => type === 'integer')) return rangeOf(steps)
  const said = String(steps[0]?.message)
  for (const [pattern, type] of WORDS) {
    const match = pattern.exec(said)
    if (match !== null) return type(match, steps)
  }
  throw new Error(`there are no words yet for an option that "${said}"`)
}

function bounds(steps: readonly Schema[], kind: 'min_value' | 'max_value'): readonly number[] {
  return steps.filter(({ type }) => type === kind).map(({ requirement }) => Number(requirement))
}

function durationOf(least: number, most: number): string {
  const from = writeDurationText(least)
  return `duration, ${from} ${most >= BOUNDLESS ? 'or more' : `to ${writeDurationText(most)}`}`
}

function rangeOf(steps: readonly Schema[]): string {
  const least = Math.max(...bounds(steps, 'min_value'))
  const most = Math.min(...bounds(steps, 'max_value'))
  return most >= BOUNDLESS ? `${least} or more` : `${least} to ${most}`
}
