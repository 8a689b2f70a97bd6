// docs/configuration.md and the schema say the same: every option is in the tables, and every table row is an option.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { documentSchema } from '../../../src/config/settings/document-schema.ts'

interface Schema {
  readonly type: string
  readonly entries?: Readonly<Record<string, Schema>>
  readonly wrapped?: Schema
  readonly item?: Schema
  readonly pipe?: readonly Schema[]
}

/** Paths of all options below a schema; elements of arrays have no number. */
const optionsOf = (schema: Schema, path: string): string[] => {
  const inner = schema.pipe?.find(({ type }) => type === 'strict_object') ?? schema.wrapped ?? schema
  if (inner !== schema) return optionsOf(inner, path)
  if (schema.type === 'array' && schema.item?.pipe?.some(({ type }) => type === 'strict_object')) {
    return optionsOf(schema.item, path)
  }
  if (schema.type !== 'strict_object') return [path]
  return Object.entries(schema.entries ?? {}).flatMap(([key, child]) => optionsOf(child, path ? `${path}.${key}` : key))
}

const documentedOptions = (markdown: string): string[] =>
  markdown
    .split(/^### /m)
    .slice(1)
    .flatMap((section) => {
      const [, table = ''] = /^`\[+([\w.]+)\]+`/.exec(section) ?? []
      const rows = section.split(/^## /m)[0]?.matchAll(/^\| (`[^|]+`) +\|/gm) ?? []
      return [...rows].flatMap(([, keys = '']) => [...keys.matchAll(/`([\w.]+)`/g)].map(([, key]) => `${table}.${key}`))
    })

describe('docs/configuration.md', () => {
  it('has a row for each option of the schema, and no other', () => {
    const documented = documentedOptions(readFileSync('docs/configuration.md', 'utf8'))
    // The schema's own type spells out each option; walking it needs only what all schemas share.
    expect(documented.toSorted()).toEqual(optionsOf(documentSchema as unknown as Schema, '').toSorted())
    expect(documented.length).toBeGreaterThan(70)
  })
})
