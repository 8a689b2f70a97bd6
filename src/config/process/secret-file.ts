// Secrets that the tracker creates at its first start and reads at later ones. Reading the file is having the secret:
// the file is private, and its content is never logged.

import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, linkSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolders } from '../../adapters/outbound/make-folders.ts'
import { fileDenial } from './denied-access.ts'

const OTHERS_BITS = 0o077
const NEW_AND_PRIVATE = { mode: 0o600, flag: 'wx', flush: true } as const
/** Error codes of file systems without hard links. */
const LINKLESS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']
/** No secret is longer. */
const MAX_BYTES = 4096

/** One kind of secret. */
export interface SecretKind {
  /** Its name in errors: `connection id key`. */
  readonly name: string
  make(): Uint8Array
  /** What is wrong with the content of a file, without showing it; undefined if it is valid. */
  objectionTo(content: Uint8Array): string | undefined
}

export interface Secret {
  readonly content: Uint8Array
  /** Created now, because the file did not exist. */
  readonly isNew: boolean
}

/**
 * The content of the file at `path`, which is created if it is missing. Throws with a message for the operator if it
 * cannot be used.
 */
export function openSecretFile(path: string, kind: SecretKind): Secret {
  const content = readSecret(path, kind)
  return content === undefined ? createSecret(path, kind) : { content, isNew: false }
}

/** Undefined if the file does not exist. */
function readSecret(path: string, kind: SecretKind): Uint8Array | undefined {
  const file = openIfPresent(path, kind)
  if (file === undefined) return undefined
  try {
    const { mode, size } = fstatSync(file)
    if (process.platform !== 'win32' && (mode & OTHERS_BITS) !== 0) {
      const permissions = (mode & 0o777).toString(8).padStart(4, '0')
      throw new Error(
        `${kind.name} ${path}: other users can access this file (mode ${permissions}); set its mode to 0600`,
      )
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
    throw new Error(`${kind.name} ${path}: cannot be read: ${fileDenial(cause, path)}`, { cause })
  }
}

/**
 * Written to a draft and linked into place: no reader sees half a secret, and two processes that start at once end up
 * with the same one.
 */
function createSecret(path: string, kind: SecretKind): Secret {
  const content = kind.make()
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    makeFolders(dirname(path))
    writeFileSync(draft, content, NEW_AND_PRIVATE)
    if (!isLinked(draft, path)) writeFileSync(path, content, NEW_AND_PRIVATE)
    return { content, isNew: true }
  } catch (cause) {
    const rival = hasCode(cause, 'EEXIST') ? readSecret(path, kind) : undefined
    if (rival !== undefined) return { content: rival, isNew: false }
    throw new Error(`${kind.name} ${path}: cannot be written: ${fileDenial(cause, path)}`, { cause })
  } finally {
    rmSync(draft, { force: true })
  }
}

/** False if the file system has no hard links: then the file itself must be written directly. */
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
