// The snapshot in one private file: written to a draft next to it, synced to disk, and only then renamed. It contains
// addresses of people (protocol rule SEC-42): only the owner may read it, and one that is too old is removed.

import { constants } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorMessage } from '../../../domain/error-message.ts'
import type {
  OpenedSnapshot,
  RefusedSnapshot,
  SnapshotCounts,
  SnapshotHeader,
  SnapshotStore,
  SnapshotWanted,
} from '../../../domain/ports/outbound/snapshot-store.ts'
import { makeFolders } from '../make-folders.ts'
import { SnapshotReader } from './snapshot-reader.ts'
import { SnapshotWriter } from './snapshot-writer.ts'

const PRIVATE = 0o600
/** A draft that has not been written to for this long is abandoned. */
const ABANDONED_MILLISECONDS = 600_000

function refused(reason: string): RefusedSnapshot {
  return { kind: 'refused', reason }
}

export class FileSnapshotStore implements SnapshotStore {
  readonly #path: string
  /** Named by process: two processes may save at once during a take-over. */
  readonly #draft: string

  constructor(path: string) {
    this.#path = path
    this.#draft = `${path}.${process.pid}.draft`
  }

  async save(header: SnapshotHeader, chunks: AsyncIterable<Int32Array>, counts: () => SnapshotCounts): Promise<number> {
    makeFolders(dirname(this.#path))
    await this.#removeDrafts()
    const file = await open(this.#draft, 'wx', PRIVATE)
    try {
      const writer = new SnapshotWriter(file)
      await writer.head(header)
      for await (const chunk of chunks) await writer.chunk(chunk)
      await writer.tail(counts())
      await file.sync()
      await file.close()
      await rename(this.#draft, this.#path)
      await syncDirectory(dirname(this.#path))
      return writer.bytes
    } catch (error) {
      await file.close().catch(() => undefined)
      await rm(this.#draft, { force: true })
      throw error
    }
  }

  async open(wanted: SnapshotWanted): Promise<OpenedSnapshot | RefusedSnapshot | undefined> {
    let file: FileHandle
    try {
      // Opening a pipe in its place would block start-up.
      file = await open(this.#path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    } catch (error) {
      return isMissing(error) ? undefined : refused(errorMessage(error))
    }
    try {
      const snapshot = await this.#judge(file, wanted)
      if (snapshot.kind === 'refused') await file.close()
      return snapshot
    } catch (error) {
      await file.close().catch(() => undefined)
      return refused(errorMessage(error))
    }
  }

  async #judge(file: FileHandle, wanted: SnapshotWanted): Promise<OpenedSnapshot | RefusedSnapshot> {
    if (!(await file.stat()).isFile()) return refused('it is not a file')
    const reader = new SnapshotReader(file)
    const header = await reader.head()
    if (typeof header === 'string') return refused(header)
    if (header.format !== wanted.format) return refused('it was made by another version of this program')
    if (!(header.writtenAtSeconds >= wanted.oldestSeconds)) {
      await rm(this.#path, { force: true })
      return refused('it is too old: all peers in it have expired; it has been removed')
    }
    return await reader.verify(header)
  }

  async #removeDrafts(): Promise<void> {
    const folder = dirname(this.#path)
    const isDraft = (name: string): boolean => name.startsWith(`${basename(this.#path)}.`) && name.endsWith('.draft')
    await rm(this.#draft, { force: true })
    for (const draft of (await readdir(folder)).filter(isDraft).map((name) => join(folder, name))) {
      const stats = await stat(draft).catch(() => undefined)
      if (stats !== undefined && isAbandoned(stats.mtimeMs)) await rm(draft, { force: true })
    }
  }
}

/** The disk is full or broken: the new name may not have reached it. */
const DISK_ERRORS = ['EIO', 'ENOSPC', 'EDQUOT']

/** A draft dated in the future was last written before the clock was set back. */
function isAbandoned(writtenAtMs: number): boolean {
  return Math.abs(Date.now() - writtenAtMs) > ABANDONED_MILLISECONDS
}

/** Syncs the new name to disk too; where a directory cannot be synced, the system does it in its own time. */
async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  try {
    await folder.sync()
  } catch (error) {
    if (DISK_ERRORS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await folder.close()
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}
