import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fileDenial, unwritableReason } from '../../../src/config/process/denied-access.ts'

const NOBODY = 65_534
const IS_ROOT = process.getuid?.() === 0

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

function denial(code: string): Error {
  return Object.assign(new Error(`${code}: of the system`), { code })
}

/** Root may write everywhere, so for root another user looks, in a process of its own. */
function reasonFor(directory: string): string | undefined {
  if (!IS_ROOT) return unwritableReason(directory)
  const module = pathToFileURL(resolve('src/config/process/denied-access.ts')).href
  const script = `console.log((await import(${JSON.stringify(module)})).unwritableReason(${JSON.stringify(directory)}))`
  const user = { uid: NOBODY, gid: NOBODY }
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', ...user }).stdout.trim()
}

describe('a data directory', () => {
  it('may be missing, if it can be created', () => {
    expect(unwritableReason(join(folder, 'a/b'))).toBeUndefined()
  })

  it('without permission is reported with the code, the user, the path and the remedy', () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked, { mode: IS_ROOT ? 0o700 : 0o500 })
    const reason = reasonFor(join(locked, 'lib'))
    expect(reason).toMatch(/^permission denied for user \S+ \(EACCES\): /)
    expect(reason).toMatch(
      new RegExp(`: install -d -m 0750 -o \\S+ '${join(locked, 'lib')}', or set another process\\.data_directory$`),
    )
  })
})

describe('a file that may not be used', () => {
  const user = userInfo().username

  it.each([
    ['EACCES', 'permission denied'],
    ['EPERM', 'permission denied'],
    ['EROFS', 'the file system is read-only'],
  ])('is reported with what to do about its folder: %s', (code, words) => {
    expect(fileDenial(denial(code), '/data/key')).toBe(
      `${words} for user ${user} (${code}): install -d -m 0750 -o ${user} '/data', or set another process.data_directory`,
    )
  })

  it("is reported with the system's words for anything else", () => {
    expect(fileDenial(denial('EISDIR'), '/data/key')).toBe('EISDIR: of the system')
  })
})
