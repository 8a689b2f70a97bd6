// docs/configuration.md matches the options: every option is in the tables with its type, default and meaning, and
// every row is an option. `npm run docs:configuration` updates it.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { allOptions, type Option } from './reference/options.ts'
import { withTables } from './reference/tables.ts'

const document = readFileSync('docs/configuration.md', 'utf8')
const options = allOptions()
function rowOf(key: string, rest: string): string {
  return `| \`${key}\` | ${rest} |`
}

function anOption(path: string): Option {
  return { path, type: '0 to 2', byDefault: '1', origin: 'M', meaning: 'how many' }
}

describe('docs/configuration.md', () => {
  it('has a row for each option of the schema, with its type, default and meaning, and no other', () => {
    expect(options.length).toBeGreaterThan(80)
    expect(document).toBe(withTables(document, options))
  })

  it.each(options)('explains $path', ({ meaning }) => {
    expect(meaning).toMatch(/\S/)
    expect(meaning).not.toMatch(/[|\n]/)
  })

  it('gets the row of a new option', () => {
    const added = anOption('limits.max_moons')
    expect(withTables(document, [...options, added])).toContain(rowOf('max_moons', '0 to 2 | 1 | M | how many'))
  })

  it('loses the row of a removed option', () => {
    expect(
      withTables(
        document,
        options.filter(({ path }) => path !== 'limits.max_keys'),
      ),
    ).not.toContain('`max_keys`')
  })

  it('is updated for a changed type and default', () => {
    const changed = options.map((one) =>
      one.path === 'threads.udp' ? { ...one, type: '1 to 8', byDefault: '2' } : one,
    )
    expect(withTables(document, changed)).toContain(
      rowOf('udp', '1 to 8 | 2 | M | threads that serve all UDP listeners'),
    )
  })

  it('needs a section for a new table', () => {
    expect(() => withTables(document, [...options, anOption('moons.most')])).toThrow('no section for moons.most')
  })
})
