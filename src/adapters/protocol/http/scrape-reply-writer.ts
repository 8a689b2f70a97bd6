// The reply to a scrape (BEP 48, BEP 21; protocol rules HTTP-44 to HTTP-46): a dictionary of the requested hashes in
// byte order, and how long to wait before the next scrape. `downloaders` is optional, because strict readers, such as
// Torrust's tools, fail on unknown keys.

import type { SwarmCounts } from '../../../domain/scrape.ts'
import { BencodeWriter, LITERAL_SLACK_BYTES, Literal } from './bencode-writer.ts'
import { MAX_HASHES } from './scrape-query.ts'

/** The longest reply: 132 bytes per hash with numbers of ten digits, plus the framing. */
const MAX_BYTES = MAX_HASHES * 132 + 64 + LITERAL_SLACK_BYTES

const FILES = new Literal('d5:filesd')
const FILE = new Literal('20:')
const COMPLETE = new Literal('d8:completei')
const DOWNLOADED = new Literal('e10:downloadedi')
const DOWNLOADERS = new Literal('e11:downloadersi')
const INCOMPLETE = new Literal('e10:incompletei')
const END_OF_FILE = new Literal('ee')
const FLAGS = new Literal('e5:flagsd20:min_request_intervali')
const END = new Literal('eee')

export class ScrapeReplyWriter {
  readonly out = new BencodeWriter(new Uint8Array(MAX_BYTES))
  readonly #hasDownloaders: boolean

  constructor(hasDownloaders: boolean) {
    this.#hasDownloaders = hasDownloaders
  }

  begin(): void {
    this.out.at = 0
    this.out.literal(FILES)
  }

  /**
   * Adds the counts of the swarm whose info hash is the 20 bytes of `hashes` at `at`. To be called in byte order of the
   * hashes.
   */
  add(hashes: Uint8Array, at: number, counts: SwarmCounts): void {
    const out = this.out
    out.literal(FILE)
    out.copy(hashes, at, 20)
    out.literal(COMPLETE)
    out.decimal(counts.seeders)
    out.literal(DOWNLOADED)
    out.decimal(counts.completed)
    if (this.#hasDownloaders) {
      out.literal(DOWNLOADERS)
      out.decimal(counts.downloaders)
    }
    out.literal(INCOMPLETE)
    out.decimal(counts.leechers)
    out.literal(END_OF_FILE)
  }

  finish(minIntervalSeconds: number): void {
    this.out.literal(FLAGS)
    this.out.decimal(minIntervalSeconds)
    this.out.literal(END)
  }
}
