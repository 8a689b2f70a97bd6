// Folders are made level by level: what is missing, with the mode that is asked for, and never without end.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { makeFolders } from '../../../src/adapters/outbound/make-folders.ts'

const SOURCES = new URL('../../../src/', import.meta.url)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('makeFolders', () => {
  it('makes every missing level, with the mode, and leaves those that exist', () => {
    const first = join(folder, 'a')
    mkdirSync(first)
    chmodSync(first, 0o755)
    makeFolders(join(first, 'b/c'), 0o700)
    expect(['a', 'a/b', 'a/b/c'].map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([
      0o755, 0o700, 0o700,
    ])
    expect(() => makeFolders(join(first, 'b/c'))).not.toThrow()
  })

  it('takes the answer of the system as final if the parent exists', () => {
    expect(() => makeFolders('/proc/nope/a/b')).toThrow(
      "the folder /proc/nope/a/b cannot be made: ENOENT: no such file or directory, mkdir '/proc/nope'",
    )
  })

  it('names a file that is in the way, with the code of the system', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => makeFolders(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'EEXIST' }))
    expect(() => makeFolders(join(folder, 'file/below'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
    expect(existsSync(join(folder, 'file/below'))).toBe(false)
  })

  it('says so if a relative path starts from a working directory that was removed', () => {
    const home = process.cwd()
    const work = join(folder, 'work')
    mkdirSync(work)
    process.chdir(work)
    try {
      // Node remembers it from the first question on.
      process.cwd()
      rmSync(work, { recursive: true })
      expect(() => makeFolders('./storage/lib')).toThrow(`the working directory, ${work}, has been removed`)
    } finally {
      process.chdir(home)
    }
  })

  it('is used instead of the recursive mkdir of Node', () => {
    const offenders = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        name.endsWith('.ts') && /\bmkdir(Sync)?\([^)]*recursive/.test(readFileSync(new URL(name, SOURCES), 'utf8')),
    )
    expect(offenders).toEqual([])
  })
})
