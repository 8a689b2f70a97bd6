// How many peers of each run a reply takes, and where its windows begin. One per thread, reused.

import type { AnnounceRequest } from '../announce.ts'
import { List } from './layout.ts'
import { uploadsOnly } from './peer-role.ts'

/** Where a window begins in a run of `count` peers, by 16 random bits. */
export function windowStart(chance: number, count: number): number {
  return Math.imul(chance, count) >>> 16
}

export class ReplyShares {
  /** Uploaders and downloaders that the requester may receive: itself is not among them. */
  uploaders = 0
  downloaders = 0
  /** How many of them the reply takes. */
  wantedUploaders = 0
  wantedDownloaders = 0
  /** Where their windows begin. */
  uploadersStart = 0
  downloadersStart = 0
  readonly #words: Int32Array

  constructor(words: Int32Array) {
    this.#words = words
  }

  /**
   * Divides `want` peers of a list among its runs: downloaders for every requester, uploaders in proportion for
   * requesters that download; never the one at position `self` (-1: not in the list). Returns how many the requester
   * may receive. The random bits of an announce serve both runs: 16 for the uploaders' window, 16 for the downloaders'.
   */
  divide(list: number, want: number, self: number, request: AnnounceRequest): number {
    const words = this.#words
    const uploaders = words[list + List.Uploaders]
    const downloaders = words[list + List.Downloaders]
    const isSelfUploader = self >= 0 && self < uploaders
    const isSelfDownloader = self >= uploaders && self < uploaders + downloaders
    const fromUploaders = uploadsOnly(request) ? 0 : uploaders - (isSelfUploader ? 1 : 0)
    const fromDownloaders = downloaders - (isSelfDownloader ? 1 : 0)
    const total = fromUploaders + fromDownloaders
    let share = fromUploaders
    let rest = fromDownloaders
    if (want < total) {
      share = want <= 0 ? 0 : ((want * fromUploaders + (total >> 1)) / total) | 0
      if (want - share > fromDownloaders) share = want - fromDownloaders
      rest = want - share
    }
    const bits = request.randomBits
    this.uploaders = fromUploaders
    this.downloaders = fromDownloaders
    this.wantedUploaders = share
    this.wantedDownloaders = rest
    this.uploadersStart = share < fromUploaders ? windowStart(bits >>> 16, fromUploaders) : 0
    this.downloadersStart = rest < fromDownloaders ? windowStart(bits & 0xffff, fromDownloaders) : 0
    return total
  }
}
