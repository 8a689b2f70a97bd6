// Bytes that come in pieces, as lines. One that is longer than allowed is read over and never held whole.

const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Lines without their ends, each good until the next is asked for; undefined: it was too long. Empty ones count as
 * well.
 */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | undefined> {
  const line = new Uint8Array(maxBytes)
  let length = 0
  let isTooLong = false
  let isBegun = false
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const newlineAt = piece.indexOf(NEWLINE, at)
      const end = newlineAt < 0 ? piece.length : newlineAt
      if (length + end - at > maxBytes) isTooLong = true
      else if (!isTooLong) {
        line.set(piece.subarray(at, end), length)
        length += end - at
      }
      isBegun = newlineAt < 0
      at = end + 1
      if (isBegun) continue
      yield isTooLong ? undefined : withoutReturn(line, length)
      length = 0
      isTooLong = false
    }
  }
  if (isBegun) yield isTooLong ? undefined : withoutReturn(line, length)
}

function withoutReturn(line: Uint8Array, length: number): Uint8Array {
  return line.subarray(0, length > 0 && line[length - 1] === RETURN ? length - 1 : length)
}
