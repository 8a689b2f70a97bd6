// At a start: refuses a change of access that nobody has asked for, and remembers the access of this tracker for the
// next one.

import { resolve } from 'node:path'
import { errorMessage } from '../../domain/error-message.ts'
import { configuredListeners } from '../pre-start/configured-listeners.ts'
import type { Logger } from '../process/logger.ts'
import type { Settings } from '../settings/settings.ts'
import type { DocumentSource } from '../settings/sources.ts'
import { listenerUrl } from '../threads/listening.ts'
import { ACCEPT_FLAG, type Access, droppedListeners, isWider, writeAccess } from './access-change.ts'
import { type LastRun, readLastRun, writeLastRun } from './last-run.ts'

export interface AccessGuardOptions {
  readonly settings: Settings
  readonly source: Pick<DocumentSource, 'kind' | 'name'>
  /** The operator has said that access may change. */
  readonly acceptsChange: boolean
  readonly logger: Logger
}

export class AccessGuard {
  readonly #directory: string
  readonly #options: AccessGuardOptions
  #hasWarned = false
  /** Nothing is known of the last tracker, and this one has no document. */
  #isInDoubt = false

  constructor(options: AccessGuardOptions) {
    this.#options = options
    this.#directory = resolve(options.settings.process.dataDirectory)
  }

  /** To be called once the directory is claimed. `predecessorPid`: the process to replace. Throws for the operator. */
  check(predecessorPid: number | undefined): void {
    if (this.#options.acceptsChange) return
    if (predecessorPid !== undefined) this.#checkTakeOver(predecessorPid)
    else if (this.#options.source.kind === 'built-in') this.#checkStart()
  }

  /**
   * To be called before anything listens. `readAccess` tells which access the database is for: one with keys or a
   * whitelist was that of a closed tracker, of a version that left no record. Rejects for the operator.
   */
  async checkDatabase(readAccess: () => Promise<Access>): Promise<void> {
    if (!this.#isInDoubt) return
    const { access } = this.#options.settings
    const last = await readAccess()
    if (!isWider(last, access)) return
    const rows = [last.isPrivate ? 'keys' : '', last.isListed ? 'a whitelist' : ''].filter((name) => name !== '')
    throw new Error(
      `the database has ${rows.join(' and ')}, so the last tracker on ${this.#directory} seems to have been ${writeAccess(last)}; without a document this one would be ${writeAccess(access)}: pass the document with --config, or ${ACCEPT_FLAG} if that is wanted`,
    )
  }

  /** `realUrls` are those of the torrent clients' listeners, in the order of the settings, once they listen. */
  remember(realUrls: readonly string[] = []): void {
    const { settings, source, logger } = this.#options
    const { isListed, isPrivate } = settings.access
    const listeners = servedListeners(settings).map(({ option, claim }, index) => {
      const url = listenerUrl(claim.scheme, claim.address)
      return { option, urls: [...new Set([url, realUrls[index] ?? url])] }
    })
    const name = source.kind === 'file' ? resolve(source.name) : source.name
    const document = { kind: source.kind, name }
    try {
      writeLastRun(this.#directory, { pid: process.pid, access: { isListed, isPrivate }, document, listeners })
    } catch (error) {
      if (this.#hasWarned) return
      this.#hasWarned = true
      logger.log('warn', 'CORE', `the next start will not know the access mode of this one: ${errorMessage(error)}`)
    }
  }

  /** A start without a document must not widen what the last tracker on this directory allowed. */
  #checkStart(): void {
    const last = readLastRun(this.#directory)
    const { access } = this.#options.settings
    this.#isInDoubt = last === undefined
    if (last === undefined || !isWider(last.access, access)) return
    const { kind, name } = last.document
    const document = kind === 'file' ? `--config ${name}` : `its document (${name})`
    throw new Error(
      `the last tracker on ${this.#directory} was ${writeAccess(last.access)}; without a document this one would be ${writeAccess(access)}: pass ${document}, or ${ACCEPT_FLAG} if that is wanted`,
    )
  }

  #checkTakeOver(pid: number): void {
    const { settings, source, logger } = this.#options
    const last = readLastRun(this.#directory)
    if (last?.pid !== pid) {
      logger.log('warn', 'CORE', `process ${pid} does not tell its access mode and listeners: check that they stay`)
      return
    }
    const changes = changesFrom(last, settings)
    if (changes.length === 0) return
    throw new Error(
      `taking over from process ${pid} with ${source.name} would change what clients may do: ${changes.join('; ')}; pass the document of that process (${last.document.name}), or ${ACCEPT_FLAG} if that is wanted`,
    )
  }
}

function changesFrom(last: LastRun, settings: Settings): readonly string[] {
  const { access } = settings
  const dropped = droppedListeners(last, servedListeners(settings))
  return [
    ...(isWider(last.access, access) ? [`it is ${writeAccess(last.access)}, this one ${writeAccess(access)}`] : []),
    ...dropped.map((listener) => `nothing would listen on ${listener}`),
  ]
}

/** The health API is for orchestrators, which follow the document. */
function servedListeners(settings: Settings) {
  return configuredListeners(settings).filter(({ option }) => option !== 'health_check_api')
}
