// A list as NDJSON, fetched as fast as the client takes it and no faster.

const CHUNK_CHARACTERS = 16 * 1024

/**
 * Rejects when the first value cannot be had, for then there can still be another answer. `broken` is called when a
 * later one cannot: it must see that the client does not take the end of the stream for the end of the list. A client
 * that goes away ends the iteration.
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
        // The framework would show the client what a failed stream has failed of; this one ends.
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
