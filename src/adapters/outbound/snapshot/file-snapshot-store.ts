// The snapshot in one private file: written beside it, brought to the disk, and only then put in its place. It holds
// addresses of people (protocol rule SEC-42): nobody else may read it, and one that is too old is removed.

import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
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
import { SnapshotReader } from './snapshot-reader.ts'
import { SnapshotWriter } from './snapshot-writer.ts'

const PRIVATE = 0o600
/** A draft that nobody has written to for so long was left behind. */
const ABANDONED_MILLISECONDS = 600_000

function refused(reason: string): RefusedSnapshot {
  return { kind: 'refused', reason }
}

export class FileSnapshotStore implements SnapshotStore {
  readonly #path: string
  /** Two processes may save at once, when one takes over from the other. */
  readonly #draft: string

  constructor(path: string) {
    this.#path = path
    this.#draft = `${path}.${process.pid}.draft`
  }

  async save(header: SnapshotHeader, chunks: AsyncIterable<Int32Array>, counts: () => SnapshotCounts): Promise<number> {
    await mkdir(dirname(this.#path), { recursive: true })
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
      // A pipe in its place would keep the start waiting.
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
    if (!(await file.stat()).isFile()) return refused('it is no file')
    const reader = new SnapshotReader(file)
    const header = await reader.head()
    if (typeof header === 'string') return refused(header)
    if (header.format !== wanted.format) return refused('it was made by another version of this program')
    if (header.writtenAtSeconds > wanted.newestSeconds) return refused('it was made in the future, by its clock')
    if (!(header.writtenAtSeconds >= wanted.oldestSeconds)) {
      await rm(this.#path, { force: true })
      return refused('everybody in it has been silent for too long; it has been removed')
    }
    return await reader.verify(header)
  }

  async #removeDrafts(): Promise<void> {
    const folder = dirname(this.#path)
    const isDraft = (name: string): boolean => name.startsWith(`${basename(this.#path)}.`) && name.endsWith('.draft')
    await rm(this.#draft, { force: true })
    for (const draft of (await readdir(folder)).filter(isDraft).map((name) => join(folder, name))) {
      const facts = await stat(draft).catch(() => undefined)
      if (facts !== undefined && Date.now() - facts.mtimeMs > ABANDONED_MILLISECONDS) await rm(draft, { force: true })
    }
  }
}

/** The new name is on the disk too; where a directory cannot be synchronised, the system sees to it in its own time. */
async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  await folder.sync().catch(() => undefined)
  await folder.close()
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}
