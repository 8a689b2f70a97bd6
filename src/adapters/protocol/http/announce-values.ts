// Port, event and key of an announce (protocol rules HTTP-13, HTTP-17, HTTP-25).

import { AnnounceEvent } from '../../../domain/announce.ts'
import { HEX_DIGITS } from '../percent-encoding.ts'
import { ascii } from './bencode-writer.ts'
import { readSmallDecimal } from './decimal.ts'

const EVENT_NAMES = [ascii('completed'), ascii('started'), ascii('stopped'), ascii('paused')]
const EVENTS = [AnnounceEvent.Completed, AnnounceEvent.Started, AnnounceEvent.Stopped, AnnounceEvent.Paused]
const KEY_DIGITS = 8

/** An invalid port is read as 0: only `stopped` may have it, which the tracker decides (HTTP-13). */
export function readPort(source: Uint8Array, from: number, to: number): number {
  const port = readSmallDecimal(source, from, to)
  return port < 0 || port > 0xffff ? 0 : port
}

export function isDigit(source: Uint8Array, from: number, to: number, digit: number): boolean {
  return to - from === 1 && source[from] === digit
}

export function readEvent(source: Uint8Array, from: number, to: number): AnnounceEvent {
  for (let i = 0; i < EVENT_NAMES.length; i++) {
    const name = EVENT_NAMES[i]
    if (name.length === to - from && isSameWord(source, from, name)) return EVENTS[i]
  }
  return AnnounceEvent.None
}

/** `word` is in lower case. */
function isSameWord(source: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if ((source[from + i] | 0x20) !== word[i]) return false
  return true
}

/** Eight hex digits are the number that the client also sends over UDP; any other text is hashed (FNV-1a). */
export function readClientKey(source: Uint8Array, from: number, to: number): number {
  if (to - from === KEY_DIGITS) {
    const digits = HEX_DIGITS
    let number = 0
    let all = 0
    for (let i = from; i < to; i++) {
      const digit = digits[source[i]]
      all |= digit
      number = (number << 4) | digit
    }
    if (all >= 0) return number
  }
  if (from === to) return 0
  let hash = 0x811c9dc5 | 0
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ source[i], 0x01000193)
  return hash
}
