// Secrets that the tracker makes for itself at its first start and finds again later. A reader of the file has the
// secret: the file is private, and what is in it is never logged.

import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, linkSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const OTHERS_BITS = 0o077
const NEW_AND_PRIVATE = { mode: 0o600, flag: 'wx', flush: true } as const
/** What file systems without hard links say when asked for one. */
const LINKLESS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']
/** Nothing that is kept this way is longer. */
const MAX_BYTES = 4096

/** One kind of secret. */
export interface SecretKind {
  /** What errors call it: `connection id key`. */
  readonly name: string
  make(): Uint8Array
  /** What is wrong with the content of a file, without showing it; undefined when it will do. */
  objectionTo(content: Uint8Array): string | undefined
}

export interface Secret {
  readonly content: Uint8Array
  /** Made now, because there was no such file. */
  readonly isNew: boolean
}

/**
 * What is in the file at `path`, which is made if it is missing. Throws, in words for an operator, if it cannot be
 * used.
 */
export function openSecretFile(path: string, kind: SecretKind): Secret {
  const content = readSecret(path, kind)
  return content === undefined ? createSecret(path, kind) : { content, isNew: false }
}

/** Undefined when there is no such file. */
function readSecret(path: string, kind: SecretKind): Uint8Array | undefined {
  const file = openIfPresent(path, kind)
  if (file === undefined) return undefined
  try {
    const { mode, size } = fstatSync(file)
    if (process.platform !== 'win32' && (mode & OTHERS_BITS) !== 0) {
      const permissions = (mode & 0o777).toString(8).padStart(4, '0')
      throw new Error(`${kind.name} ${path}: others may use this file (mode ${permissions}); set its mode to 0600`)
    }
    const content = new Uint8Array(Math.min(size, MAX_BYTES))
    readSync(file, content, 0, content.length, 0)
    const objection = kind.objectionTo(content)
    if (objection !== undefined) throw new Error(`${kind.name} ${path}: ${objection}`)
    return content
  } finally {
    closeSync(file)
  }
}

function openIfPresent(path: string, kind: SecretKind): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined
    throw new Error(`${kind.name} ${path}: cannot be read`, { cause })
  }
}

/**
 * Written beside and linked into place: no reader sees half a secret, and of two processes that start at once one
 * secret stays.
 */
function createSecret(path: string, kind: SecretKind): Secret {
  const content = kind.make()
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, content, NEW_AND_PRIVATE)
    if (!isLinked(draft, path)) writeFileSync(path, content, NEW_AND_PRIVATE)
    return { content, isNew: true }
  } catch (cause) {
    const rival = hasCode(cause, 'EEXIST') ? readSecret(path, kind) : undefined
    if (rival !== undefined) return { content: rival, isNew: false }
    throw new Error(`${kind.name} ${path}: cannot be written`, { cause })
  } finally {
    rmSync(draft, { force: true })
  }
}

/** False where the file system has no hard links: there the file itself must be written in its place. */
function isLinked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (LINKLESS.some((code) => hasCode(error, code))) return false
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
