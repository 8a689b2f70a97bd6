// docs/configuration.md and the schema say the same: every option is in the tables, with what it takes and what holds by default,
// and every row is an option. `npm run docs:configuration` makes it so.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { allOptions, type Option } from './reference/options.ts'
import { UNSAID, withTables } from './reference/tables.ts'

const document = readFileSync('docs/configuration.md', 'utf8')
const rowOf = (key: string, rest: string): string => `| \`${key}\` | ${rest} |`

describe('docs/configuration.md', () => {
  let options: readonly Option[] = []
  beforeAll(async () => {
    options = await allOptions()
  })

  it('has a row for each option of the schema, with its type and default, and no other', () => {
    expect(options.length).toBeGreaterThan(80)
    expect(document).toBe(withTables(document, options))
  })

  it('says what each option means', () => {
    expect(document).not.toContain(`| ${UNSAID} |`)
  })

  it('is told of an option that is new', () => {
    const added = { path: 'limits.max_moons', type: '0 to 2', byDefault: '1' }
    expect(withTables(document, [...options, added])).toContain(rowOf('max_moons', `0 to 2 | 1 | M | ${UNSAID}`))
  })

  it('loses the row of an option that is gone', () => {
    expect(
      withTables(
        document,
        options.filter(({ path }) => path !== 'limits.max_keys'),
      ),
    ).not.toContain('`max_keys`')
  })

  it('is told of another type and another default', () => {
    const changed = options.map((one) =>
      one.path === 'threads.udp' ? { ...one, type: '1 to 8', byDefault: '2' } : one,
    )
    expect(withTables(document, changed)).toContain(
      rowOf('udp', '1 to 8 | 2 | M | threads that serve all UDP listeners'),
    )
  })

  it('needs a section for a table that is new', () => {
    const added = { path: 'moons.most', type: '0 to 2', byDefault: '1' }
    expect(() => withTables(document, [...options, added])).toThrow('no section for moons.most')
  })
})
