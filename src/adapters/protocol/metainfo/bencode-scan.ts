// Finds the ends of bencoded values (BEP 3) without building them: torrent files hold millions of hashes and nest as
// deep as their folders. Never recurses, because a hostile file may nest as deep as it is long.

/** A range of bytes: from the first, to the one after the last. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Folders of a v2 torrent nest two levels each (BEP 52). */
const MAX_DEPTH = 512
const MAX_ENTRIES = 1000
/** Of the length of a string. */
const MAX_DIGITS = 20
/** Of keys and URLs. */
const MAX_TEXT_LENGTH = 4096
const INTEGER = 0x69
const LIST = 0x6c
const DICTIONARY = 0x64
const END = 0x65
const COLON = 0x3a

/** The offset after the value at `at`; undefined if it is malformed or cut off. */
function endOfBencoded(bytes: Uint8Array, at: number): number | undefined {
  let depth = 0
  let next: number | undefined = at
  do {
    const code: number = bytes[next]
    if (code === LIST || code === DICTIONARY) {
      depth++
      next++
    } else if (code === END && depth > 0) {
      depth--
      next++
    } else next = code === INTEGER ? endOfDigits(bytes, next + 1, END) : endOfString(bytes, next)
    if (next === undefined || depth > MAX_DEPTH) return undefined
  } while (depth > 0)
  return next
}

/**
 * The values of a dictionary by key, one character a byte; undefined for anything else, and for a key that is there
 * twice, of which readers take one or the other.
 */
export function bencodedEntries(bytes: Uint8Array, from: number): ReadonlyMap<string, ByteRange> | undefined {
  if (bytes[from] !== DICTIONARY) return undefined
  const entries = new Map<string, ByteRange>()
  let at = from + 1
  while (bytes[at] !== END) {
    const key = textOfBencoded(bytes, at)
    const valueAt = endOfString(bytes, at)
    const end = valueAt === undefined ? undefined : endOfBencoded(bytes, valueAt)
    if (key === undefined || valueAt === undefined || end === undefined) return undefined
    if (entries.has(key) || entries.size === MAX_ENTRIES) return undefined
    entries.set(key, { from: valueAt, to: end })
    at = end
  }
  return entries
}

/** The first items of a list, at most `max`; undefined for anything else. */
export function bencodedItems(bytes: Uint8Array, from: number, max: number): readonly ByteRange[] | undefined {
  if (bytes[from] !== LIST) return undefined
  const items: ByteRange[] = []
  let at = from + 1
  while (bytes[at] !== END && items.length < max) {
    const end = endOfBencoded(bytes, at)
    if (end === undefined) return undefined
    items.push({ from: at, to: end })
    at = end
  }
  return items
}

/**
 * A byte string as text, one character a byte; undefined for anything else, and when it is too long for a key or URL.
 */
export function textOfBencoded(bytes: Uint8Array, from: number): string | undefined {
  const end = endOfString(bytes, from)
  if (end === undefined) return undefined
  const start = bytes.indexOf(COLON, from) + 1
  if (end - start > MAX_TEXT_LENGTH) return undefined
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at])
  return text
}

function endOfString(bytes: Uint8Array, at: number): number | undefined {
  const start = endOfDigits(bytes, at, COLON)
  if (start === undefined || start - at > MAX_DIGITS) return undefined
  let length = 0
  for (let digit = at; digit < start - 1; digit++) length = length * 10 + bytes[digit] - 0x30
  return length <= bytes.length - start ? start + length : undefined
}

/** The offset after `mark`, which follows digits; only an integer may begin with a minus. */
function endOfDigits(bytes: Uint8Array, from: number, mark: number): number | undefined {
  const first = mark === END && bytes[from] === 0x2d ? from + 1 : from
  let at = first
  while (bytes[at] >= 0x30 && bytes[at] <= 0x39) at++
  return at > first && bytes[at] === mark ? at + 1 : undefined
}
