// The shared memory that counts wrong connection ids by address, of a fixed size.
//
//   head     32 words         the two words of the hash key, when the count began, the period of the latest ban
//   sets     8192 of them     each is 32 words, two cache lines: four entries
//   entry     8 words         the four words of the address, its mark, its errors, the period that they are of
//
// A mark is 1 for IPv4, whose other three words are 0, and 2 for IPv6. Periods count from 1; an entry of another period
// is as good as none, so that all are cleared at once and no thread has to do it.

export const IdErrorHead = { Key0: 0, Key1: 1, StartedAt: 2, BannedIn: 3 } as const
export const IdErrorEntry = { Address: 0, Mark: 4, Errors: 5, Period: 6 } as const
/** Of an address. */
export const ADDRESS_WORDS = 4
export const ID_ERROR_ENTRY_WORDS = 8
export const ID_ERROR_SET_WORDS = 32
/** A power of two. */
export const ID_ERROR_SETS = 8192
export const ID_ERRORS_AT = 32
export const ID_ERROR_WORDS = ID_ERRORS_AT + ID_ERROR_SETS * ID_ERROR_SET_WORDS

/** `secret`: 8 bytes that cannot be guessed. Periods are counted from `startSeconds`, of the steady clock. */
export function createIdErrorMemory(secret: Uint8Array, startSeconds: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(ID_ERROR_WORDS * Int32Array.BYTES_PER_ELEMENT)
  const words = new Int32Array(memory)
  const key = new DataView(secret.buffer, secret.byteOffset, 8)
  words[IdErrorHead.Key0] = key.getInt32(0)
  words[IdErrorHead.Key1] = key.getInt32(4)
  words[IdErrorHead.StartedAt] = startSeconds
  return memory
}
