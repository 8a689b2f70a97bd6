// Results as aligned tables, as JSON, and as saved files (docs/benchmarks, Markdown and JSON).

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../e2e/tracker-process.ts'
import type { Report, Table } from './bench.ts'
import type { Machine } from './machine.ts'

export interface Run {
  readonly subject: string
  readonly command: string
  readonly machine: Machine
  readonly startedAt: Date
  readonly report: Report
}

function isNumeric(cell: string): boolean {
  return /^[-+]?[\d.,]/.test(cell)
}

function padded(rows: readonly (readonly string[])[]): string[][] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0
      return column > 0 && isNumeric(cell) ? cell.padStart(width) : cell.padEnd(width)
    }),
  )
}

function cellsOf({ columns, rows }: Table): string[][] {
  return [[...columns], ...rows.map((row) => row.map(String))]
}

export function asText({ tables, notes }: Report): string {
  const blocks = tables.map((table) => {
    const lines = padded(cellsOf(table)).map((row) => `  ${row.join('  ').trimEnd()}`)
    return `${table.title}\n${lines.join('\n')}\n`
  })
  return [...blocks, ...notes.map((note) => `- ${note}`)].join('\n')
}

function asMarkdown({ subject, command, machine, startedAt, report }: Run): string {
  const tables = report.tables.map((table) => {
    const [head = [], ...rows] = padded(cellsOf(table))
    const lines = [head, head.map((cell) => '-'.repeat(Math.max(3, cell.length))), ...rows]
    return `## ${table.title}\n\n${lines.map((row) => `| ${row.join(' | ')} |`).join('\n')}`
  })
  const facts = [
    `- Commit: ${machine.commit}`,
    `- Node: ${machine.node}`,
    `- Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, Linux ${machine.kernel}`,
    `- Command: \`${command}\``,
  ]
  const title = `# ${startedAt.toISOString().slice(0, 10)}: ${subject}`
  const notes = report.notes.map((note) => `- ${note}`).join('\n')
  return `${[title, facts.join('\n'), ...tables, notes].filter((part) => part !== '').join('\n\n')}\n`
}

export function asJson({ subject, command, machine, startedAt, report }: Run): string {
  return `${JSON.stringify({ subject, command, startedAt, machine, figures: report.figures }, null, 1)}\n`
}

/** Writes both files; returns the path of the Markdown file. */
export function save(run: Run): string {
  const folder = join(ROOT, 'docs/benchmarks')
  const name = join(folder, `${run.startedAt.toISOString().slice(0, 10)}-${run.subject}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${name}.md`, asMarkdown(run))
  writeFileSync(`${name}.json`, asJson(run))
  return `${name}.md`
}
