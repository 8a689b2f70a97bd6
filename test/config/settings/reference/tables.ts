// The tables of docs/configuration.md. Rows, types and defaults are the schema's; where an option comes from and what it means are
// written by hand and kept, as are defaults that take a sentence.

import type { Option } from './options.ts'

/** Stands where somebody has yet to say what a new option means. */
export const UNSAID = '?'

const HEAD = ['| Key | Type | Default | | Meaning |', '| --- | --- | --- | --- | --- |']

/** What holds depends on other options, on the terminal or on the data directory, or is too long: said in words. */
const IN_WORDS = [
  /^metadata\./,
  /^logging\./,
  /^core\.(listed|private)$/,
  /^core\.announce_policy\.interval_min$/,
  /^core\.tracker_policy\.max_peer_timeout$/,
  /^core\.database\.(driver|host|port|user|password|database)$/,
  /^(udp_tracker_server\.connection_id_key_file|http_api\.token_file|snapshot\.file)$/,
]

interface Row {
  /** Paths of its options; mostly one. */
  readonly paths: readonly string[]
  /** As they are named within the table. */
  readonly keys: readonly string[]
  readonly byDefault: string
  readonly origin: string
  readonly meaning: string
}

/** The document with its tables brought up to date. */
export function withTables(markdown: string, options: readonly Option[]): string {
  const sections = markdown.split(/^(?=### )/m)
  const tables = sections.flatMap((section) => tableOf(section) ?? [])
  const homeless = options.find(({ path }) => homeOf(path, tables) === undefined)
  if (homeless !== undefined) throw new Error(`docs/configuration.md has no section for ${homeless.path}`)
  return sections
    .map((section) => {
      const table = tableOf(section)
      if (table === undefined) return section
      const own = options.filter(({ path }) => homeOf(path, tables) === table)
      return section.replace(/^\| (?:Key|Option) [^\n]*\n(?:\|[^\n]*\n)+/m, (old) => writeTable(table, old, own))
    })
    .join('')
}

const tableOf = (section: string): string | undefined => /^### `\[+([\w.]+)\]+`/.exec(section)?.[1]

/** The table that is nearest: `core.database` and not `core`. */
const homeOf = (path: string, tables: readonly string[]): string | undefined =>
  tables.filter((table) => path.startsWith(`${table}.`)).toSorted((a, b) => b.length - a.length)[0]

function writeTable(table: string, old: string, options: readonly Option[]): string {
  const byPath = new Map(options.map((option) => [option.path, option]))
  const kept = readRows(table, old).filter(({ paths }) => paths.every((path) => byPath.has(path)))
  const said = new Set(kept.flatMap(({ paths }) => paths))
  const added = options.filter(({ path }) => !said.has(path)).map(({ path }) => newRow(table, path))
  const lines = [...kept, ...added].map((row) => {
    const types = new Set(row.paths.map((path) => byPath.get(path)?.type ?? ''))
    const [first] = row.paths.map((path) => byPath.get(path))
    const byDefault = isInWords(first) ? row.byDefault : (first?.byDefault ?? '')
    const keys = row.keys.map((key) => `\`${key}\``).join(', ')
    return writeRow([keys, [...types].join('; '), byDefault, row.origin, row.meaning])
  })
  return `${[...HEAD, ...lines].join('\n')}\n`
}

const isInWords = (option: Option | undefined): boolean =>
  option === undefined || option.byDefault === '' || IN_WORDS.some((pattern) => pattern.test(option.path))

const readRows = (table: string, markdown: string): readonly Row[] =>
  markdown
    .trimEnd()
    .split('\n')
    .slice(HEAD.length)
    .map((line) => {
      const [keyCell = '', , byDefault = '', origin = '', meaning = ''] = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
      const keys = [...keyCell.matchAll(/`([\w.]+)`/g)].map(([, key = '']) => key)
      return { keys, paths: keys.map((key) => `${table}.${key}`), byDefault, origin, meaning }
    })

const newRow = (table: string, path: string): Row => ({
  paths: [path],
  keys: [path.slice(table.length + 1)],
  byDefault: '',
  origin: 'M',
  meaning: UNSAID,
})

const writeRow = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`
