// The bytes around the swarms in a snapshot file:
//
//   head     64 bytes   magic (8), version, byte order, format of the swarms, 0; written at, epoch, budget (float64
//                       each); 0 ...; checksum in the last 4
//   chunks              length in bytes (4), checksum (4), then the swarms as they are
//   tail     24 bytes   0 (4), checksum (4), torrents, peers, twins, chunks (4 each); nothing follows
//
// Numbers are in the byte order of the machine, like the swarms themselves. Each checksum is the CRC-32 of everything
// before it and of its own data, so that omitted, added or moved parts are detected.

import type { SnapshotCounts, SnapshotHeader } from '../../../domain/ports/outbound/snapshot-store.ts'

/** Raised when anything above changes. */
const VERSION = 1
const MAGIC = 'MUSTERSW'
const BYTE_ORDER = 0x01020304

export const HEAD_BYTES = 64
/** Length and checksum in front of a chunk and of the tail's counts. */
export const FRAME_BYTES = 8
export const TAIL_COUNTS_BYTES = 16
/** A chunk is never larger, so a reader can reject the lengths of a damaged file. */
export const MAX_CHUNK_BYTES = 4 * 2 ** 20

const Head = { Version: 2, ByteOrder: 3, Format: 4, WrittenAt: 3, Epoch: 4, Budget: 5 } as const
/** Byte offset of a head's checksum, which is over the bytes before it. */
export const HEAD_CHECKSUM_AT = 60

/** Everything but the checksum. */
export function writeHead(header: SnapshotHeader): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES)
  const words = new Uint32Array(bytes.buffer)
  const numbers = new Float64Array(bytes.buffer)
  bytes.set(new TextEncoder().encode(MAGIC))
  words[Head.Version] = VERSION
  words[Head.ByteOrder] = BYTE_ORDER
  words[Head.Format] = header.format
  numbers[Head.WrittenAt] = header.writtenAtSeconds
  numbers[Head.Epoch] = header.epochSeconds
  numbers[Head.Budget] = header.budgetBytes
  return bytes
}

/** The contents of a head, or the reason why it cannot be read here. */
export function readHead(bytes: Uint8Array): SnapshotHeader | string {
  if (new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) return 'it is not a snapshot'
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, HEAD_BYTES / 4)
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, HEAD_BYTES / 8)
  if (words[Head.ByteOrder] !== BYTE_ORDER) return 'it was made on a machine with another byte order'
  if (words[Head.Version] !== VERSION) return 'it was made by another version of this program'
  return {
    format: words[Head.Format],
    writtenAtSeconds: numbers[Head.WrittenAt],
    epochSeconds: numbers[Head.Epoch],
    budgetBytes: numbers[Head.Budget],
  }
}

export function writeTailCounts({ torrents, peers, twins }: SnapshotCounts, chunks: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(torrents, peers, twins, chunks).buffer)
}

export function readTailCounts(bytes: Uint8Array): { readonly counts: SnapshotCounts; readonly chunks: number } {
  const [torrents, peers, twins, chunks] = new Uint32Array(bytes.buffer, bytes.byteOffset, TAIL_COUNTS_BYTES / 4)
  return { counts: { torrents, peers, twins }, chunks }
}
