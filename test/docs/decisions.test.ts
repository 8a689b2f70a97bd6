// docs/adr: every decision has its number, its title and a status line in the standard form, and is in the list.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const FOLDER = 'docs/adr'
const NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/
const DATE = '\\d{4}-\\d{2}-\\d{2}'
const LATER = '\\[\\d+\\]\\(\\d{4}-[a-z0-9-]+\\.md\\)'
const STATUS = new RegExp(
  `^Status: (?:Accepted, ${DATE}(?:\\. Superseded in part by ${LATER}: .+\\.)?|Superseded by ${LATER}, ${DATE}\\.)$`,
)

const names = readdirSync(FOLDER).filter((name) => name !== 'README.md')
function read(name: string): string {
  return readFileSync(`${FOLDER}/${name}`, 'utf8')
}

/** What is wrong with a decision; empty if nothing is. */
function objections(name: string, text: string): readonly string[] {
  const number = NAME.exec(name)?.[1]
  const [heading = '', status = ''] = text.split('\n\n')
  const title = /^# (\d+)\. \S.*[^.]$/.exec(heading)
  return [
    ...(number === undefined ? ['the name is not a number and words'] : []),
    ...(title === null ? ['the first line is not a number and a title'] : []),
    ...(title !== null && Number(title[1]) !== Number(number) ? ['the title has another number'] : []),
    ...(STATUS.test(status.replaceAll('\n', ' ')) ? [] : ['the status line has another form']),
    ...(['Context', 'Decision', 'Consequences'].every((part) => text.includes(`\n## ${part}\n`))
      ? []
      : ['a part is missing']),
  ]
}

describe('docs/adr', () => {
  it.each(names)('%s has number, title, status and parts', (name) => {
    expect(objections(name, read(name))).toEqual([])
  })

  it('gives each number once', () => {
    const numbers = names.map((name) => name.slice(0, 4))
    expect(numbers).toEqual([...new Set(numbers)])
  })

  it('lists every decision under its title, in order', () => {
    const rows = names.sort().map((name) => {
      const title = /^# \d+\. (.*)$/m.exec(read(name))?.[1]
      return `| ${name.slice(0, 4)} | [${title}](${name}) |`
    })
    const list = read('README.md')
      .split('\n')
      .filter((line) => /^\| \d/.test(line))
    expect(list).toEqual(rows)
  })
})

describe('the check of decisions', () => {
  const good = '# 7. Doors open\n\nStatus: Accepted, 2026-11-22\n\n## Context\n\n## Decision\n\n## Consequences\n'
  const withStatus = (status: string): string => good.replace('Accepted, 2026-11-22', status)

  it.each([
    'Accepted, 2026-11-22. Superseded in part by\n[8](0008-doors-close.md): they close.',
    'Superseded by [8](0008-doors-close.md), 2026-11-23.',
  ])('accepts the status "%s"', (status) => {
    expect(objections('0007-doors-open.md', withStatus(status))).toEqual([])
  })

  it.each([
    ['0007_Doors.md', good, 'the name is not a number and words'],
    ['0007-doors-open.md', good.replace('# 7. ', '# '), 'the first line is not a number and a title'],
    ['0007-doors-open.md', good.replace('# 7', '# 8'), 'the title has another number'],
    ['0007-doors-open.md', withStatus('accepted'), 'the status line has another form'],
    ['0007-doors-open.md', withStatus('Superseded by 8, 2026-11-23.'), 'the status line has another form'],
    ['0007-doors-open.md', good.replace('## Decision', ''), 'a part is missing'],
  ])('objects to %s: %#', (name, text, objection) => {
    expect(objections(name, text)).toContain(objection)
  })
})
