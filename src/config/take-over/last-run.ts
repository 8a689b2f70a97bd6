// What the last tracker on a data directory ran with: its access mode, its document and its listeners. Written while it
// serves and kept after it has ended, so that the next one does not open by accident what this one kept closed.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolders } from '../../adapters/outbound/make-folders.ts'
import type { DocumentSource } from '../settings/sources.ts'

const FILE_NAME = 'muster.last-run'
const FORMAT = 1

export interface LastRun {
  readonly pid: number
  readonly access: { readonly isListed: boolean; readonly isPrivate: boolean }
  /** `name`: the absolute path of a file, or a variable. */
  readonly document: Pick<DocumentSource, 'kind' | 'name'>
  /** As in the document, and with their real ports: `udp://0.0.0.0:6969`. */
  readonly listeners: readonly { readonly option: string; readonly urls: readonly string[] }[]
}

/** Undefined: no tracker of this version has used the directory. Throws if the file cannot be read. */
export function readLastRun(directory: string): LastRun | undefined {
  const path = join(directory, FILE_NAME)
  const text = readIfPresent(path)
  if (text === undefined) return undefined
  const run = parse(text)
  if (run === undefined)
    throw new Error(
      `${path} cannot be read: it says which access mode the last tracker had; remove it to start with any`,
    )
  return run
}

export function writeLastRun(directory: string, run: LastRun): void {
  const draft = join(directory, `${FILE_NAME}.${process.pid}`)
  makeFolders(directory)
  writeFileSync(draft, `${JSON.stringify({ format: FORMAT, ...run }, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, join(directory, FILE_NAME))
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string): LastRun | undefined {
  try {
    const read: Partial<LastRun> & { readonly format?: unknown } = JSON.parse(text)
    const { format, pid, access, document, listeners } = read
    const hasAll = access !== undefined && document !== undefined && Array.isArray(listeners)
    if (format !== FORMAT || typeof pid !== 'number' || !hasAll) return undefined
    return { pid, access, document, listeners }
  } catch {
    return undefined
  }
}
