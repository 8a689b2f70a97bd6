// The one kind of body that API v1 accepts: a short text, which must arrive completely and in time.

import { BODY_TOO_LARGE, bodyNotJson, TIMED_OUT, type V1Answer } from '../../../protocol/rest/v1/answers.ts'
import type { RestLimits } from '../rest-limits.ts'

/** The text, or an error answer after which the connection should be closed, because the rest is not read. */
export async function readBodyText(request: Request, limits: RestLimits): Promise<string | V1Answer> {
  if (Number(request.headers.get('content-length')) > limits.maxBodyBytes) return BODY_TOO_LARGE
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<V1Answer>((resolve) => {
    timer = setTimeout(() => resolve(TIMED_OUT), limits.bodyTimeoutMs)
  })
  try {
    return await Promise.race([wholeText(request, limits.maxBodyBytes), timeout])
  } finally {
    clearTimeout(timer)
  }
}

async function wholeText(request: Request, maxBytes: number): Promise<string | V1Answer> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; reader !== undefined; ) {
    const piece = await reader.read().catch(() => undefined)
    if (piece === undefined) return bodyNotJson('EOF while parsing a value')
    const { done, value } = piece
    if (done) break
    size += value.length
    if (size > maxBytes) return BODY_TOO_LARGE
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}
