// Writes a snapshot file from its head to its tail.

import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { SnapshotCounts, SnapshotHeader } from '../../../domain/ports/outbound/snapshot-store.ts'
import { FRAME_BYTES, HEAD_CHECKSUM_AT, writeHead, writeTailCounts } from './snapshot-format.ts'

export class SnapshotWriter {
  /** Bytes written so far. */
  bytes = 0

  readonly #file: FileHandle
  #checksum = 0
  #chunks = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  async head(header: SnapshotHeader): Promise<void> {
    const head = writeHead(header)
    this.#checksum = crc32(head.subarray(0, HEAD_CHECKSUM_AT))
    new DataView(head.buffer).setUint32(HEAD_CHECKSUM_AT, this.#checksum)
    await this.#write([head])
  }

  async chunk(words: Int32Array): Promise<void> {
    this.#chunks++
    await this.#frame(words.byteLength, new Uint8Array(words.buffer, words.byteOffset, words.byteLength))
  }

  async tail(counts: SnapshotCounts): Promise<void> {
    await this.#frame(0, writeTailCounts(counts, this.#chunks))
  }

  async #frame(length: number, bytes: Uint8Array): Promise<void> {
    this.#checksum = crc32(bytes, this.#checksum)
    const frame = new Uint8Array(FRAME_BYTES)
    new Uint32Array(frame.buffer).set([length, this.#checksum])
    await this.#write([frame, bytes])
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const { bytesWritten } = await this.#file.writev(parts)
    // A full disk may take part of a chunk, which is useless.
    if (bytesWritten !== length) throw new Error(`only ${bytesWritten} of ${length} bytes could be written`)
    this.bytes += length
  }
}
