// Keys of private trackers: 32 letters and digits, which a client sends in the path of its announce URL, as `passkey=`
// or, over UDP, as URLData (BEP 41).

declare const isAccessKey: unique symbol
/** 32 of `0-9A-Za-z`. Secret. */
export type AccessKey = string & { readonly [isAccessKey]: true }

export const ACCESS_KEY_BYTES = 32
export const ACCESS_KEY_WORDS = 8

const FORM = /^[0-9A-Za-z]{32}$/

/** Undefined for anything that is not a valid key. */
export function readAccessKey(text: string): AccessKey | undefined {
  return FORM.test(text) ? (text as AccessKey) : undefined
}

/** Writes the key, a character a byte, to eight words at `at` of `words`. */
export function accessKeyToWords(key: AccessKey, words: Int32Array, at: number): void {
  const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, ACCESS_KEY_BYTES)
  for (let i = 0; i < ACCESS_KEY_BYTES; i++) bytes[i] = key.charCodeAt(i)
}

/** Reads the key from eight words at `at` of `words`. */
export function accessKeyFromWords(words: Int32Array, at: number): AccessKey {
  const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, ACCESS_KEY_BYTES)
  return String.fromCharCode(...bytes) as AccessKey
}

/** The key that a request carries. Reused record of the hot lane; the protocol adapter fills it. */
export class Credentials {
  /** The key's bytes; valid only when `isPresent`. */
  readonly words = new Int32Array(ACCESS_KEY_WORDS)
  readonly bytes = new Uint8Array(this.words.buffer)
  /** True when the request has a well-formed key; the tracker decides whether it is known. */
  isPresent = false
}
