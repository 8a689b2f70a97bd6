// Splits a stream of bytes into lines. A line that is too long is skipped and never held in memory as a whole.

const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Lines without line breaks, each valid until the next one is requested; undefined for one that is too long. Empty
 * lines are included.
 */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | undefined> {
  const line = new Uint8Array(maxBytes)
  let length = 0
  let isTooLong = false
  let isPartial = false
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const newlineAt = piece.indexOf(NEWLINE, at)
      const end = newlineAt < 0 ? piece.length : newlineAt
      if (length + end - at > maxBytes) isTooLong = true
      else if (!isTooLong) {
        line.set(piece.subarray(at, end), length)
        length += end - at
      }
      isPartial = newlineAt < 0
      at = end + 1
      if (isPartial) continue
      yield isTooLong ? undefined : withoutReturn(line, length)
      length = 0
      isTooLong = false
    }
  }
  if (isPartial) yield isTooLong ? undefined : withoutReturn(line, length)
}

function withoutReturn(line: Uint8Array, length: number): Uint8Array {
  return line.subarray(0, length > 0 && line[length - 1] === RETURN ? length - 1 : length)
}
