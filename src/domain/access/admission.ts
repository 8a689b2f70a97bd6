// Decides which requests are served: the key first, then the lists. A public tracker without a blocklist reads one word
// only.

import type { Credentials } from '../access-key.ts'
import type { AnnounceRequest } from '../announce.ts'
import { Verdict } from '../verdict.ts'
import type { KeyTable } from './key-table.ts'
import { Mark, type TorrentMarks } from './torrent-marks.ts'

/** What the operator has configured. */
export interface AccessModes {
  /** A key is required. */
  readonly isPrivate: boolean
  /** Only torrents on the whitelist are served. */
  readonly isListed: boolean
  /** Keys expire; false: they stay valid indefinitely. */
  readonly checksExpiration: boolean
}

export class Admission {
  /** Keeps what was fetched from being optimised away. */
  sink = 0

  readonly #marks: TorrentMarks
  readonly #keys: KeyTable
  readonly #isPrivate: boolean
  readonly #isListed: boolean
  readonly #checksExpiration: boolean

  constructor(marks: TorrentMarks, keys: KeyTable, modes: AccessModes) {
    this.#marks = marks
    this.#keys = keys
    this.#isPrivate = modes.isPrivate
    this.#isListed = modes.isListed
    this.#checksExpiration = modes.checksExpiration
  }

  /** Whether the methods below use the date that they are given: only keys expire at a date. */
  get usesDate(): boolean {
    return this.#isPrivate && this.#checksExpiration
  }

  /** `Served`, `KeyRequired` or `Unregistered`. `wallSeconds` is the date, in seconds since 1970. */
  judgeAnnounce(request: AnnounceRequest, wallSeconds: number): Verdict {
    const keySlot = request.prefetchedKeySlot
    const marksSlot = request.prefetchedMarksSlot
    if (this.#isPrivate && !this.#isKeyGood(request.credentials, wallSeconds, keySlot)) return Verdict.KeyRequired
    if (!this.#needsMarks()) return Verdict.Served
    return this.#serves(request.words, request.infoHashAt, marksSlot) ? Verdict.Served : Verdict.Unregistered
  }

  /** Whether the counts of the torrent whose info hash is at `at` of `words` may be reported. */
  admitsScrape(words: Int32Array, at: number, credentials: Credentials, wallSeconds: number): boolean {
    if (this.#isPrivate && !this.#isKeyGood(credentials, wallSeconds, 0)) return false
    return !this.#needsMarks() || this.#serves(words, at, 0)
  }

  /** Fetches the memory that judging the first `count` of `requests` will need: all slots, then all records. */
  prefetch(requests: readonly AnnounceRequest[], count: number): void {
    if (this.#isPrivate) this.#fetchKeys(requests, count)
    if (this.#needsMarks()) this.#fetchMarks(requests, count)
  }

  #isKeyGood(credentials: Credentials, wallSeconds: number, slot: number): boolean {
    return credentials.isPresent && this.#keys.isValid(credentials.words, wallSeconds, this.#checksExpiration, slot)
  }

  #needsMarks(): boolean {
    return this.#isListed || this.#marks.count(Mark.Blocked) !== 0
  }

  /** The blocklist applies in every mode and overrides the whitelist. */
  #serves(words: Int32Array, at: number, slot: number): boolean {
    const marks = this.#marks.marksOf(words, at, slot)
    return (marks & Mark.Blocked) === 0 && (!this.#isListed || (marks & Mark.Listed) !== 0)
  }

  #fetchKeys(requests: readonly AnnounceRequest[], count: number): void {
    const table = this.#keys.table
    let sink = 0
    for (let i = 0; i < count; i++) {
      const request = requests[i]
      if (!request.credentials.isPresent) continue
      const slot = table.slotOf(request.credentials.words, 0)
      request.prefetchedKeySlot = slot
      sink ^= table.fetchSlot(slot)
    }
    for (let i = 0; i < count; i++) {
      const slot = requests[i].prefetchedKeySlot
      if (slot !== 0) sink ^= table.fetchRecord(slot)
    }
    this.sink ^= sink
  }

  #fetchMarks(requests: readonly AnnounceRequest[], count: number): void {
    const table = this.#marks.table
    let sink = 0
    for (let i = 0; i < count; i++) {
      const request = requests[i]
      const slot = table.slotOf(request.words, request.infoHashAt)
      request.prefetchedMarksSlot = slot
      sink ^= table.fetchSlot(slot)
    }
    for (let i = 0; i < count; i++) sink ^= table.fetchRecord(requests[i].prefetchedMarksSlot)
    this.sink ^= sink
  }
}
