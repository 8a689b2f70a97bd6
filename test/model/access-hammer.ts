// A worker thread that looks up, again and again, torrents that are always listed and torrents that never are, while
// the test's own thread adds and removes others.

import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { AccessMemory } from '../../src/domain/access/access-memory.ts'
import { Mark, TorrentMarks } from '../../src/domain/access/torrent-marks.ts'
import { entryWords } from './access.ts'

/** Torrents 0 to 99 are always there, 100 to 199 never, those from 200 on come and go. */
export const ALWAYS = 100
export const NEVER = 200

/** Words of the shared state: number of running readers, whether they must stop. */
export const ReaderState = { Reading: 0, Stop: 1 } as const

export interface ReadingOptions {
  readonly access: SharedArrayBuffer
  readonly state: SharedArrayBuffer
  readonly file: string
}

export interface ReadingReport {
  readonly looks: number
  readonly misses: number
  readonly ghosts: number
}

function read({ access, state }: ReadingOptions): ReadingReport {
  const marks = new TorrentMarks(new AccessMemory(access))
  const words = new Int32Array(state)
  const torrents = Array.from({ length: NEVER }, (_, n) => entryWords(n, 5))
  Atomics.add(words, ReaderState.Reading, 1)
  Atomics.notify(words, ReaderState.Reading)
  let [looks, misses, ghosts] = [0, 0, 0]
  while (Atomics.load(words, ReaderState.Stop) === 0) {
    for (let n = 0; n < NEVER; n++) {
      const found = marks.marksOf(torrents[n], 0)
      if (n < ALWAYS && (found & Mark.Listed) === 0) misses++
      if (n >= ALWAYS && found !== 0) ghosts++
    }
    looks += NEVER
  }
  return { looks, misses, ghosts }
}

if (parentPort !== null && import.meta.url === pathToFileURL(workerData?.file ?? '/').href) {
  parentPort.postMessage(read(workerData as ReadingOptions))
}
