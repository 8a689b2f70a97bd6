// The body of an HTTP answer, uncompressed: no longer than the caller allows, however small it was on the wire.

import { promisify } from 'node:util'
import { gunzip as gunzipWithCallback } from 'node:zlib'
import type { HttpReply } from './http-get.ts'
import { TrackerError } from './tracker-error.ts'

const gunzip = promisify(gunzipWithCallback)

export async function unzip({ headers, body }: HttpReply, maxBytes: number): Promise<Uint8Array> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '' || body.length === 0) return body
  if (!/^(?:x-)?gzip$/.test(encoding)) {
    throw new TrackerError('not-a-reply', 'the answer has an encoding that was not asked for', { stage: 'parse' })
  }
  try {
    return await gunzip(body, { maxOutputLength: maxBytes })
  } catch (cause) {
    const isTooLong = cause instanceof RangeError || (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
    const message = isTooLong ? `the answer is longer than ${maxBytes} bytes` : 'the answer is not valid gzip'
    throw new TrackerError('not-a-reply', message, { stage: isTooLong ? 'receive' : 'parse', cause })
  }
}
