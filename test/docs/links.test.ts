// No broken links in the documentation: every relative link has a file and a heading, and every source file that is
// named exists.

import { describe, expect, it } from '@jest/globals'
import { allPages, brokenLinks, filesBelow, type Page, unknownFiles } from './markdown.ts'

function aPage(text: string): Page {
  return { path: 'docs/here.md', text }
}

describe('the documentation', () => {
  const pages = allPages()

  it('links to files and headings that exist', () => {
    expect(pages.length).toBeGreaterThan(40)
    expect(pages.flatMap((page) => brokenLinks(page).map((link) => `${page.path}: ${link}`))).toEqual([])
  })

  it('names source files that exist', () => {
    const files = [...filesBelow('src'), ...filesBelow('test'), ...filesBelow('tools'), '.dependency-cruiser.cjs']
    const described = pages.filter(({ path }) => path === 'docs/architecture.md' || path.startsWith('docs/adr/'))
    expect(described.flatMap((page) => unknownFiles(page, files).map((name) => `${page.path}: ${name}`))).toEqual([])
  })
})

describe('the check of links', () => {
  it('finds a missing file and a missing heading', () => {
    const text =
      '[a](nowhere.md) [b](adr/README.md#decisions) [c](adr/README.md#gone) [d](architecture.md#gone) [e](https://x.test)'
    expect(brokenLinks(aPage(text))).toEqual(['nowhere.md', 'adr/README.md#gone', 'architecture.md#gone'])
  })

  it('finds a missing source file', () => {
    expect(unknownFiles(aPage('`b.ts`, `a/b.ts`, `x/b.ts` and `.b.ts`'), ['src/a/b.ts'])).toEqual(['x/b.ts', '.b.ts'])
  })
})
