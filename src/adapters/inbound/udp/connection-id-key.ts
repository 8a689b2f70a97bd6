// The key of the connection ids, kept in a file so that ids outlive a restart (UDP-07). Whoever reads it can forge ids:
// the file is private, and the key is never logged.

import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, linkSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const KEY_BYTES = 16
const OTHERS_BITS = 0o077
const NEW_AND_PRIVATE = { mode: 0o600, flag: 'wx', flush: true } as const
/** What file systems without hard links say when asked for one. */
const LINKLESS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** The key in the file at `path`, which is made if it is missing. Throws, in words for an operator, if it cannot be used. */
export const openConnectionIdKey = (path: string): Uint8Array => readKey(path) ?? createKey(path)

/** Undefined when there is no such file. */
const readKey = (path: string): Uint8Array | undefined => {
  const file = openIfPresent(path)
  if (file === undefined) return undefined
  try {
    const { mode, size } = fstatSync(file)
    if (process.platform !== 'win32' && (mode & OTHERS_BITS) !== 0) {
      const permissions = (mode & 0o777).toString(8).padStart(4, '0')
      throw new Error(`connection id key ${path}: others may use this file (mode ${permissions}); set its mode to 0600`)
    }
    if (size !== KEY_BYTES) {
      throw new Error(
        `connection id key ${path}: ${size} bytes long, but a key has ${KEY_BYTES}; remove it for a new one`,
      )
    }
    const key = new Uint8Array(KEY_BYTES)
    readSync(file, key, 0, KEY_BYTES, 0)
    return key
  } finally {
    closeSync(file)
  }
}

const openIfPresent = (path: string): number | undefined => {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined
    throw new Error(`connection id key ${path}: cannot be read`, { cause })
  }
}

/** Written beside and linked into place: nobody sees half a key, and of two processes that start at once one key stays. */
const createKey = (path: string): Uint8Array => {
  const key = new Uint8Array(randomBytes(KEY_BYTES))
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, key, NEW_AND_PRIVATE)
    if (!isLinked(draft, path)) writeFileSync(path, key, NEW_AND_PRIVATE)
    return key
  } catch (cause) {
    const rival = hasCode(cause, 'EEXIST') ? readKey(path) : undefined
    if (rival !== undefined) return rival
    throw new Error(`connection id key ${path}: cannot be written`, { cause })
  } finally {
    rmSync(draft, { force: true })
  }
}

/** False where the file system has no hard links: there the file itself must be written in its place. */
const isLinked = (draft: string, path: string): boolean => {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (LINKLESS.some((code) => hasCode(error, code))) return false
    throw error
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code
