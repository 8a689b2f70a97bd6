// A long text as the body of an answer, produced no faster than the client reads it. Other work gets a turn before each
// piece: a client that reads as fast as pieces are produced would otherwise occupy the thread to the end.

import { setImmediate as turn } from 'node:timers/promises'

/**
 * Nothing is requested before the first read, and nothing ahead of the client. `broken` is called when a piece fails:
 * it must keep the client from treating the end of the stream as the end of the text. The iteration ends when the
 * client disconnects.
 */
export function textStream(
  pieces: AsyncIterator<string>,
  broken: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let isCancelled = false
  return new ReadableStream(
    {
      async pull(controller) {
        await turn()
        try {
          const { done, value } = isCancelled ? { done: true } : await pieces.next()
          if (isCancelled) return
          if (done === true || value === undefined) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          if (isCancelled) return
          // The framework would show the error of a failed stream to the client, so the stream just ends.
          broken(error)
          controller.close()
        }
      },
      async cancel() {
        isCancelled = true
        await pieces.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
