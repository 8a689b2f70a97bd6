// Every option of the schema, with what it takes and what holds when nobody says anything, in the words of docs/configuration.md.

import { documentSchema } from '../../../../src/config/settings/document-schema.ts'
import { readSettings } from '../../../../src/config/settings/read-settings.ts'
import { settingsDocument } from '../../../../src/config/settings/settings-document.ts'
import { type Table, valueAt } from '../../../../src/config/settings/tree.ts'

export interface Option {
  /** Elements of arrays have no number: `udp_trackers.bind_address`. */
  readonly path: string
  readonly type: string
  /** Empty when there is none, or none that can be said in a word. */
  readonly byDefault: string
}

/** What all parts of a schema share, as far as it is needed here. */
interface Schema {
  readonly type: string
  readonly message?: unknown
  readonly requirement?: unknown
  readonly entries?: Readonly<Record<string, Schema>>
  readonly wrapped?: Schema
  readonly item?: Schema
  readonly pipe?: readonly Schema[]
}

/** More than anybody would say: there is no limit worth a word. */
const BOUNDLESS = 2_147_483_647

/** Speaks of every table, so that each has its defaults; a database server has more options than a file. */
const EVERY_TABLE = `
[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "info"
[core]
listed = false
private = true
[core.database]
url = "postgresql://user:password@host/database"
[udp_tracker_server]
max_connection_id_errors_per_ip = 10
[[udp_trackers]]
[[http_trackers]]
[http_api]
[health_check_api]
`

export async function allOptions(): Promise<readonly Option[]> {
  const surroundings = { env: {}, readFile: () => EVERY_TABLE }
  const { settings } = await readSettings('every-table.toml', surroundings)
  const document = settingsDocument(settings)
  // The schema's own type spells out each option; walking it needs only what all schemas share.
  return optionsOf(documentSchema as unknown as Schema, '').map((option) => ({
    ...option,
    byDefault: writeValue(defaultIn(document, option.path)),
  }))
}

/** Of an array of tables the first one's. */
function defaultIn(document: Table, path: string): unknown {
  const [first = '', ...rest] = path.split('.')
  return valueAt(document, Array.isArray(document[first]) ? [first, 0, ...rest] : [first, ...rest])
}

function writeValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return ''
  return /^\d+ [KMG]iB$/.test(value) ? `\`"${value}"\`` : `\`${value}\``
}

function optionsOf(schema: Schema, path: string): Omit<Option, 'byDefault'>[] {
  if (schema.wrapped !== undefined) return optionsOf(schema.wrapped, path)
  const table = tableIn(schema) ?? (schema.type === 'array' && schema.item ? tableIn(schema.item) : undefined)
  if (table === undefined) return [{ path, type: typeOf(schema) }]
  return Object.entries(table.entries ?? {}).flatMap(([key, child]) => optionsOf(child, path ? `${path}.${key}` : key))
}

const tableIn = (schema: Schema): Schema | undefined =>
  schema.type === 'strict_object' ? schema : schema.pipe?.find(({ type }) => type === 'strict_object')

/** A schema's steps, those of the schemas that it is made of too. */
const stepsOf = (schema: Schema): readonly Schema[] =>
  schema.pipe === undefined ? [schema] : schema.pipe.flatMap((step) => (step === schema ? [] : stepsOf(step)))

/** What errors say about an option is said here too, in fewer words. */
const WORDS: readonly (readonly [said: RegExp, type: (match: RegExpExecArray) => string])[] = [
  [/^must be true or false$/, () => 'boolean'],
  [/^must be a fraction from 0 to 1$/, () => '0.0 to 1.0'],
  [/^must be a size from "(.+)" to "(.+)",/, ([, least, most]) => `size, ${least} to ${most}`],
  [/^must be "auto" or a whole number from (\d+) to (\d+)$/, ([, least, most]) => `${least} to ${most}, or \`auto\``],
  [/^must be a whole number of seconds, or (\{.+\})$/, ([, table]) => `seconds, or \`${table}\``],
  [/^must be an IP address and a port/, () => 'address and port'],
  [/^must be an IP address$/, () => 'IP address'],
  [/^must be an address or a network/, () => 'addresses and networks'],
  [/^must be a port or a range/, () => 'ports and ranges'],
  [/^must be an origin/, () => 'origins'],
  [/^must be a URL$/, () => 'URL'],
  [/^must be a URL that begins with (.+)$/, ([, schemes = '']) => `${schemes.replaceAll(/\w+:\/\//g, '`$&`')} URL`],
  [/^must be a table of names and lists of networks$/, () => 'table of name and networks'],
  [/^must be a table of labels and tokens$/, () => 'table of label and token'],
  [/^must be (the path of|a directory)/, () => 'path'],
  [/^must be (text|the name)/, () => 'text'],
  [/^must be ".+"$/, ([all]) => [...all.matchAll(/"([^"]+)"/g)].map(([, word]) => `\`${word}\``).join(', ')],
]

function typeOf(schema: Schema): string {
  if (schema.type === 'array' && schema.item) return `array of ${typeOf(schema.item)}`
  const steps = stepsOf(schema)
  if (steps.some(({ type }) => type === 'integer')) return rangeOf(steps)
  const said = String(steps[0]?.message)
  for (const [pattern, type] of WORDS) {
    const match = pattern.exec(said)
    if (match !== null) return type(match)
  }
  throw new Error(`there are no words yet for an option that "${said}"`)
}

function rangeOf(steps: readonly Schema[]): string {
  const bounds = (kind: string) =>
    steps.filter(({ type }) => type === kind).map(({ requirement }) => Number(requirement))
  const least = Math.max(...bounds('min_value'))
  const most = Math.min(...bounds('max_value'))
  return most >= BOUNDLESS ? `${least} or more` : `${least} to ${most}`
}
