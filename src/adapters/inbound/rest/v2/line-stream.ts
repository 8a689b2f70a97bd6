// A list as NDJSON, fetched no faster than the client reads it.

const CHUNK_CHARACTERS = 16 * 1024

/**
 * Rejects when fetching the first value fails, because another answer can still be sent then. `broken` is called when a
 * later one fails: it must keep the client from treating the end of the stream as the end of the list. The iteration
 * ends when the client disconnects.
 */
export async function lineStream(
  values: AsyncIterable<unknown>,
  broken: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  const iterator = values[Symbol.asyncIterator]()
  let next = await iterator.next()
  return new ReadableStream({
    async pull(controller) {
      let text = ''
      try {
        for (; text.length < CHUNK_CHARACTERS && next.done !== true; next = await iterator.next()) {
          text += `${JSON.stringify(next.value)}\n`
        }
      } catch (error) {
        // The framework would show the error of a failed stream to the client, so the stream just ends.
        broken(error)
        controller.close()
        return
      }
      if (text !== '') controller.enqueue(encoder.encode(text))
      if (next.done === true) controller.close()
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
