// The pace of the announces in shared memory: the main thread writes it, all threads read it. Zeros mean that nothing
// was written yet: the configured interval applies and no reply is shortened.
//
//   word 0    revision: changes after the other words have changed
//   word 1    base interval, in seconds
//   word 2    part of the requested peers that replies have, in 256ths
//   word 3    part of the announces that are answered without being applied, in 65536ths

export const PaceWord = { Revision: 0, Interval: 1, PeerShare: 2, ShedShare: 3 } as const

export const ALL_PEERS = 256
export const ALL_ANNOUNCES = 65_536

/** Two cache lines, because processors fetch them in pairs. */
const WORDS = 32

export function createPaceMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
}

export interface Pace {
  readonly intervalSeconds: number
  /** From 0 to 1. */
  readonly peerShare: number
  readonly shedShare: number
}

/** Only the main thread may call this. */
export function writePace(words: Int32Array, { intervalSeconds, peerShare, shedShare }: Pace): void {
  const peers = Math.round(peerShare * ALL_PEERS)
  const shed = Math.round(shedShare * ALL_ANNOUNCES)
  const isSame =
    words[PaceWord.Interval] === intervalSeconds &&
    words[PaceWord.PeerShare] === peers &&
    words[PaceWord.ShedShare] === shed
  if (isSame) return
  Atomics.store(words, PaceWord.Interval, intervalSeconds)
  Atomics.store(words, PaceWord.PeerShare, peers)
  Atomics.store(words, PaceWord.ShedShare, shed)
  Atomics.add(words, PaceWord.Revision, 1)
}
