// The key that a UDP announce carries in its URLData (protocol rules UDP-28, UDP-29): path and query have the same
// grammar as in HTTP.

import { ACCESS_KEY_BYTES, type Credentials } from '../../../domain/access-key.ts'
import { AnnouncePath, Route, readAnnouncePath } from '../announce-path.ts'
import { PASSKEY, readPasskey, readPathKey } from '../key-text.ts'
import { QueryCursor } from '../query-cursor.ts'
import { UrlData } from './url-data.ts'

const SLASH = 0x2f
const QUESTION = 0x3f
const AFTER_KEY = new TextEncoder().encode('/announce')

/** Reads keys; one per thread. */
export class UrlKey {
  readonly #url = new UrlData()
  readonly #path = new AnnouncePath()
  readonly #cursor = new QueryCursor()

  /** Fills `credentials` from the announce of `length` bytes at `at`. */
  read(bytes: Uint8Array, at: number, length: number, credentials: Credentials): void {
    credentials.isPresent = false
    const url = this.#url
    if (!url.read(bytes, at, length)) return
    const { source, from, to } = url
    // `/KEY/announce`, the URL that private trackers hand out, needs no search.
    if (isUsual(source, from, to)) readPathKey(source, from + 1, from + 1 + ACCESS_KEY_BYTES, credentials)
    if (credentials.isPresent) return
    let mark = from
    while (mark < to && source[mark] !== QUESTION) mark++
    if (mark < to) this.#readQuery(source, mark + 1, to, credentials)
    const path = this.#path
    readAnnouncePath(source, from, mark, path)
    if (path.route === Route.Announce) readPathKey(source, path.keyAt, path.keyEnd, credentials)
  }

  #readQuery(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
    const cursor = this.#cursor
    cursor.begin(source, from, to)
    while (cursor.next()) {
      if (cursor.nameLength !== PASSKEY.length || !cursor.isNamed(PASSKEY)) continue
      readPasskey(source, cursor.valueAt, cursor.valueEnd, credentials)
    }
  }
}

function isUsual(source: Uint8Array, from: number, to: number): boolean {
  const restAt = from + 1 + ACCESS_KEY_BYTES
  if (to - restAt !== AFTER_KEY.length || source[from] !== SLASH) return false
  for (let i = 0; i < AFTER_KEY.length; i++) if (source[restAt + i] !== AFTER_KEY[i]) return false
  return true
}
