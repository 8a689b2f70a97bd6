// Who torrents and peers are, computed from their numbers: what is computed takes no memory. Words are as they lie in
// memory, so that no byte order matters.

import { scramble } from './load-random.ts'

export const HASH_WORDS = 5
const GOLDEN = 0x9e3779b9

/**
 * Client prefixes of peer ids (BEP 20), as often as clients are seen on public trackers; the number of entries is a
 * power of two.
 */
const CLIENTS = [
  '-qB5030-',
  '-qB5120-',
  '-qB4650-',
  '-qB4390-',
  '-qB5050-',
  '-UT360W-',
  '-UT355W-',
  '-UT2210-',
  '-TR4060-',
  '-TR3000-',
  '-BI2450-',
  '-lt0D80-',
  '-DE211s-',
  '-BC0209-',
  '-LT2070-',
  '-AZ5770-',
] as const
const PREFIX_WORDS = new Int32Array(new TextEncoder().encode(CLIENTS.join('')).buffer)

/** Writes the info hash of a torrent, five words. */
export function writeInfoHash(words: Int32Array, at: number, torrent: number, seed: number): void {
  const base = scramble(torrent + Math.imul(seed, GOLDEN))
  for (let k = 0; k < HASH_WORDS; k++) words[at + k] = scramble(base + Math.imul(k, GOLDEN))
}

/** Writes the id of a peer, five words: a client's prefix and twelve letters that no other peer has. */
export function writePeerId(words: Int32Array, at: number, peer: number): void {
  const mixed = scramble(peer + GOLDEN)
  const client = (mixed >>> 8) & (CLIENTS.length - 1)
  words[at] = PREFIX_WORDS[2 * client]
  words[at + 1] = PREFIX_WORDS[2 * client + 1]
  words[at + 2] = letters(peer)
  words[at + 3] = letters(peer >>> 4)
  words[at + 4] = letters(mixed)
}

/** The key of a peer (BEP 7, BEP 15), which stays the same when its address changes. */
export function keyOfPeer(peer: number): number {
  return scramble(peer ^ GOLDEN)
}

/** Four letters from A to P. */
function letters(bits: number): number {
  return (bits & 0x0f0f0f0f) + 0x41414141
}

/** The info hashes of all torrents, in hex, a line each, some at a time. */
export function* infoHashTexts(torrents: number, seed: number): Generator<string> {
  const words = new Int32Array(HASH_WORDS)
  const bytes = Buffer.from(words.buffer)
  for (let torrent = 0; torrent < torrents; ) {
    let text = ''
    for (const end = Math.min(torrents, torrent + 1000); torrent < end; torrent++) {
      writeInfoHash(words, 0, torrent, seed)
      text += `${bytes.toString('hex')}\n`
    }
    yield text
  }
}
