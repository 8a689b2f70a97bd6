// The tables of docs/configuration.md, one below each heading of a table of the document. They are generated from the
// options' rows; headings and the text around the tables are written by hand.

import type { Option } from './options.ts'

const HEAD = ['| Key | Type | Default | | Meaning |', '| --- | --- | --- | --- | --- |']

/** The document with updated tables. */
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
      return section.replace(/^\| Key [^\n]*\n(?:\|[^\n]*\n)+/m, () => writeTable(table, own))
    })
    .join('')
}

function tableOf(section: string): string | undefined {
  return /^### `\[+([\w.]+)\]+`/.exec(section)?.[1]
}

/** The innermost table: `core.database`, not `core`. */
function homeOf(path: string, tables: readonly string[]): string | undefined {
  return tables.filter((table) => path.startsWith(`${table}.`)).toSorted((a, b) => b.length - a.length)[0]
}

function writeTable(table: string, options: readonly Option[]): string {
  return `${[...HEAD, ...options.map((option) => writeRow(option, option.path.slice(table.length + 1)))].join('\n')}\n`
}

function writeRow({ type, byDefault, origin, meaning }: Option, key: string): string {
  return `|${[`\`${key}\``, type, byDefault, origin, meaning].map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`
}
