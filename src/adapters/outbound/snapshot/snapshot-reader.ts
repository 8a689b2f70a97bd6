// Reads a snapshot file: first completely, to verify it, then as often as needed. Whatever the file contains, no more
// than one chunk is in memory at a time.

import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type {
  OpenedSnapshot,
  RefusedSnapshot,
  SnapshotCounts,
  SnapshotHeader,
} from '../../../domain/ports/outbound/snapshot-store.ts'
import {
  FRAME_BYTES,
  HEAD_BYTES,
  HEAD_CHECKSUM_AT,
  MAX_CHUNK_BYTES,
  readHead,
  readTailCounts,
  TAIL_COUNTS_BYTES,
} from './snapshot-format.ts'

const DAMAGED = 'it is damaged'
const INCOMPLETE = 'it is incomplete'

function refused(reason: string): RefusedSnapshot {
  return { kind: 'refused', reason }
}

export class SnapshotReader {
  readonly #file: FileHandle
  /** Grows to the size of the largest chunk; always word-aligned. */
  #buffer = new Uint8Array(64 * 1024)
  #at = 0
  #checksum = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Only the head, or the reason why it is invalid. */
  async head(): Promise<SnapshotHeader | string> {
    this.#at = 0
    const head = await this.#read(HEAD_BYTES)
    if (head === undefined) return INCOMPLETE
    const header = readHead(head)
    if (typeof header === 'string') return header
    this.#checksum = crc32(head.subarray(0, HEAD_CHECKSUM_AT))
    return new DataView(head.buffer).getUint32(HEAD_CHECKSUM_AT) === this.#checksum ? header : DAMAGED
  }

  /** Reads everything after the head. */
  async verify(header: SnapshotHeader): Promise<OpenedSnapshot | RefusedSnapshot> {
    for (let chunks = 0; ; chunks++) {
      const length = await this.#nextFrame()
      if (typeof length === 'string') return refused(length)
      const bytes = await this.#read(length === 0 ? TAIL_COUNTS_BYTES : length)
      if (bytes === undefined) return refused(INCOMPLETE)
      if (!this.#isWhole(bytes)) return refused(DAMAGED)
      if (length !== 0) continue
      const tail = readTailCounts(bytes)
      const isEnd = (await this.#read(1)) === undefined
      return isEnd && tail.chunks === chunks ? this.#opened(header, tail.counts) : refused(DAMAGED)
    }
  }

  #opened(header: SnapshotHeader, counts: SnapshotCounts): OpenedSnapshot {
    return { kind: 'opened', header: header, counts, chunks: () => this.#chunks(), close: () => this.#file.close() }
  }

  async *#chunks(): AsyncGenerator<Int32Array> {
    const header = await this.head()
    if (typeof header === 'string') throw new Error(`the snapshot has changed: ${header}`)
    for (;;) {
      const length = await this.#nextFrame()
      if (length === 0) return
      const bytes = typeof length === 'number' ? await this.#read(length) : undefined
      if (bytes === undefined || !this.#isWhole(bytes)) throw new Error(`the snapshot has changed: ${DAMAGED}`)
      yield new Int32Array(bytes.buffer, 0, bytes.byteLength / 4)
    }
  }

  #expected = 0

  /** Length of the next chunk; 0 for the tail; a reason when neither follows. */
  async #nextFrame(): Promise<number | string> {
    const frame = await this.#read(FRAME_BYTES)
    if (frame === undefined) return INCOMPLETE
    const [length, checksum] = new Uint32Array(frame.buffer, 0, 2)
    this.#expected = checksum
    return length > MAX_CHUNK_BYTES || length % 4 !== 0 ? DAMAGED : length
  }

  #isWhole(bytes: Uint8Array): boolean {
    this.#checksum = crc32(bytes, this.#checksum)
    return this.#checksum === this.#expected
  }

  /** The next bytes, valid until the next call; undefined when the file ends first. */
  async #read(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length)
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#file.read(this.#buffer, done, length - done, this.#at)
      if (bytesRead === 0) return undefined
      done += bytesRead
      this.#at += bytesRead
    }
    return this.#buffer.subarray(0, length)
  }
}
