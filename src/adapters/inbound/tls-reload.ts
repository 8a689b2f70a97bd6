// The certificate of a listener, reloaded when its files change or on request (protocol rule SEC-44). Open connections
// keep the one they started with; if certificate and key do not match, the old pair stays in use.

import { type FSWatcher, watch } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { errorMessage } from '../../domain/error-message.ts'
import { asError } from './as-error.ts'

export interface TlsFiles {
  /** PEM, with the intermediate certificates. */
  readonly certificatePath: string
  readonly keyPath: string
}

export type TlsPair = Pick<SecureContextOptions, 'cert' | 'key' | 'minVersion'>

/** The two files are replaced one after the other; this is the time allowed for it. */
const SETTLE_MS = 250

/** Reads and checks the pair; throws an error that names the files if one is unreadable or they do not match. */
export async function readTlsPair({ certificatePath, keyPath }: TlsFiles): Promise<TlsPair> {
  try {
    // One after the other: where both are wrong, the error is always about the certificate.
    const cert = await readPem(certificatePath)
    const key = await readPem(keyPath)
    const pair = { cert, key, minVersion: 'TLSv1.2' } as const
    createSecureContext(pair)
    return pair
  } catch (cause) {
    throw new Error(`certificate ${certificatePath} with key ${keyPath}: ${errorMessage(cause)}`, { cause })
  }
}

/** Node accepts an empty text as no certificate or no key; then every handshake would fail. */
async function readPem(path: string): Promise<string> {
  const text = await readFile(path, 'latin1')
  if (text.trim() === '') throw new Error(`${path} is empty`)
  return text
}

export interface TlsReloadOutcome {
  /** Called with each new valid pair. */
  readonly apply: (pair: TlsPair) => void
  readonly fail: (error: Error) => void
}

export class TlsReload {
  readonly #files: TlsFiles
  readonly #outcome: TlsReloadOutcome
  readonly #watchers = new Map<string, FSWatcher>()
  #current: TlsPair
  #settling: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(files: TlsFiles, current: TlsPair, outcome: TlsReloadOutcome) {
    this.#files = files
    this.#current = current
    this.#outcome = outcome
  }

  /**
   * Watches the directories, not the files: files are usually replaced rather than written, directly or by pointing a
   * symbolic link to another directory.
   */
  async watch(): Promise<void> {
    const wanted = new Set<string>()
    for (const path of [this.#files.certificatePath, this.#files.keyPath]) {
      wanted.add(dirname(path))
      wanted.add(dirname(await realpath(path).catch(() => path)))
    }
    if (this.#isClosed) return
    for (const [directory, watcher] of this.#watchers) {
      if (wanted.has(directory)) continue
      watcher.close()
      this.#watchers.delete(directory)
    }
    for (const directory of wanted) if (!this.#watchers.has(directory)) this.#watchDirectory(directory)
  }

  /** Reads the files now. Does nothing if the pair is unchanged. */
  async reload(): Promise<void> {
    try {
      const pair = await readTlsPair(this.#files)
      if (this.#isClosed || (pair.cert === this.#current.cert && pair.key === this.#current.key)) return
      this.#outcome.apply(pair)
      this.#current = pair
    } catch (error) {
      if (!this.#isClosed) this.#outcome.fail(asError(error))
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#settling)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #watchDirectory(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#settle())
      watcher.on('error', this.#outcome.fail)
      this.#watchers.set(directory, watcher)
    } catch (error) {
      this.#outcome.fail(asError(error))
    }
  }

  /**
   * A running timer is not restarted: in a directory that changes all the time it would never fire.
   */
  #settle(): void {
    if (this.#settling !== undefined) return
    this.#settling = setTimeout(() => {
      this.#settling = undefined
      void this.reload().then(() => this.watch())
    }, SETTLE_MS)
    this.#settling.unref()
  }
}
