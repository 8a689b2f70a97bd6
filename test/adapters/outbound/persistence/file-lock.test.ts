import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { FileLock, type LockAttempt } from '../../../../src/adapters/outbound/persistence/file-lock.ts'
import { canMount, SMALL_FULL_DISK } from '../../../fixtures/small-disk.ts'

const MODULE = new URL('../../../../src/adapters/outbound/persistence/file-lock.ts', import.meta.url).href
/** Says how its attempt went, and goes on for as long as nothing ends it. */
const HOLDER = `
  const { FileLock } = await import(${JSON.stringify(MODULE)})
  globalThis.attempt = FileLock.attempt(process.argv[1])
  const { kind, reason } = globalThis.attempt
  console.log(JSON.stringify({ kind, reason }))
  if (process.argv[2] === 'hold') setInterval(() => {}, 1000)`
const WORDS = ['--input-type=module', '-e', HOLDER]

let folder: string
let path: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-lock-'))
  path = join(folder, 'deep', 'muster.lock')
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

async function aHolder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...WORDS, path, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  if (child.stdout === null) throw new Error('no output')
  const [line] = await once(child.stdout, 'data')
  expect(JSON.parse(String(line)).kind).toBe('locked')
  return child
}

/** How the attempt of another process goes, in a shell where `prepare` has run. */
function attemptWithin(prepare: string, place: string): LockAttempt {
  const words = ['-m', 'sh', '-c', `${prepare}\nexec "$@"`, 'sh', process.execPath, ...WORDS, place]
  return JSON.parse(spawnSync('unshare', words, { encoding: 'utf8' }).stdout)
}

function take(at = path): FileLock {
  const attempt = FileLock.attempt(at)
  if (attempt.kind !== 'locked') throw new Error(attempt.kind)
  return attempt.lock
}

describe('a lock on a file', () => {
  it('is had by one process at a time, and writes nothing', () => {
    const lock = take()
    expect(FileLock.attempt(path).kind).toBe('taken')
    const other = spawnSync(process.execPath, [...WORDS, path], { encoding: 'utf8' })
    expect(JSON.parse(other.stdout)).toEqual({ kind: 'taken' })
    expect(readdirSync(join(folder, 'deep'))).toEqual(['muster.lock'])
    expect([statSync(path).size, statSync(path).mode & 0o777]).toEqual([0, 0o600])
    lock.release()
    take().release()
  })

  it('ends with the process that has it, however that ends', async () => {
    const holder = await aHolder()
    expect(FileLock.attempt(path).kind).toBe('taken')
    const gone = once(holder, 'exit')
    holder.kill('SIGKILL')
    await gone
    take().release()
  })

  it('is the same by another path', async () => {
    await aHolder()
    const alias = join(folder, 'alias')
    symlinkSync(join(folder, 'deep'), alias)
    expect(FileLock.attempt(join(alias, 'muster.lock')).kind).toBe('taken')
  })

  it('tells why it cannot be had', () => {
    expect(FileLock.attempt('/proc/muster.lock')).toMatchObject({ kind: 'impossible', reason: expect.any(String) })
    mkdirSync(path, { recursive: true })
    expect(FileLock.attempt(path)).toMatchObject({ kind: 'impossible' })
    writeFileSync(join(folder, 'other.lock'), 'something else, and long enough to be no header of a database'.repeat(9))
    expect(FileLock.attempt(join(folder, 'other.lock'))).toMatchObject({ kind: 'impossible' })
  })
})

const describeIfPossible = canMount() || process.env['CI'] === 'true' ? describe : describe.skip

describeIfPossible('a lock on a file of a small disk', () => {
  const mounted = (options: string) => `mount -t tmpfs -o ${options} tmpfs "${folder}"`

  it('can be had when the disk is full', () => {
    expect(
      attemptWithin(`${mounted(SMALL_FULL_DISK)}\nhead -c 9999999 /dev/zero > "${folder}/x"`, `${folder}/l`),
    ).toEqual({ kind: 'locked' })
  })

  it('cannot be had when the file cannot be made', () => {
    expect(attemptWithin(mounted('nr_inodes=1'), `${folder}/l`)).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('ENOSPC'),
    })
  })

  it('cannot be had when the file can only be read', () => {
    const readOnly = `${mounted('size=64k')}\ntouch "${folder}/l"\nmount -o remount,ro "${folder}"`
    expect(attemptWithin(readOnly, `${folder}/l`)).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('EROFS'),
    })
  })
})
