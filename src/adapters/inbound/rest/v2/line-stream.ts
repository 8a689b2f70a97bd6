// A list as NDJSON, fetched no faster than the client reads it.

import { textStream } from '../text-stream.ts'

const PIECE_CHARACTERS = 16 * 1024

/**
 * Rejects when fetching the first values fails, because another answer can still be sent then. `broken` is called when
 * a later one fails: see `textStream`. The iteration ends when the client disconnects.
 */
export async function lineStream(
  values: AsyncIterable<unknown>,
  broken: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const pieces = linePieces(values)
  return textStream(startingWith(await pieces.next(), pieces), broken)
}

async function* linePieces(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let text = ''
  for await (const value of values) {
    text += `${JSON.stringify(value)}\n`
    if (text.length < PIECE_CHARACTERS) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

async function* startingWith(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first.done === true) return
  yield first.value
  yield* rest
}
