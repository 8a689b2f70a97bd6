// What the tests of the documentation read from a Markdown page: links, anchors of headings, and files named in the
// text.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'

export interface Page {
  readonly path: string
  /** Without fenced code blocks, which contain no links. */
  readonly text: string
}

function readPage(path: string): Page {
  return {
    path,
    text: readFileSync(path, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, ''),
  }
}

/** All files below a folder, as paths from the root of the project. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

export function allPages(): readonly Page[] {
  return ['README.md', 'CHANGELOG.md', ...filesBelow('docs').filter((path) => path.endsWith('.md'))].map(readPage)
}

function relativeLinks(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link))
}

/**
 * As GitHub generates them: lower case, no punctuation, hyphens for spaces; a number after a repeated heading.
 */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const plain = heading.replaceAll(/\]\([^)]*\)/g, '').toLowerCase()
    const anchor = plain.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')
    let unique = anchor
    for (let n = 1; anchors.has(unique); n++) unique = `${anchor}-${n}`
    anchors.add(unique)
  }
  return anchors
}

/** The links of a page whose file or heading does not exist. */
export function brokenLinks({ path, text }: Page): readonly string[] {
  return relativeLinks(text).filter((link) => {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    if (!existsSync(target)) return true
    return anchor !== undefined && !anchorsOf(readPage(target).text).has(anchor)
  })
}

/**
 * Names of source files in the text, such as `swarm.ts` or `config/serve.ts`, that match the end of no path in `files`.
 */
export function unknownFiles({ text }: Page, files: readonly string[]): readonly string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|cjs))`/g)]
    .map(([, name]) => name)
    .filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))
}
