// Turns answers of API v1 into the framework's responses.

import type { Context } from 'hono'
import { JSON_TYPE } from '../../../protocol/rest/operation.ts'
import type { V1Answer } from '../../../protocol/rest/v1/answers.ts'
import { asError } from '../../as-error.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { textStream } from '../text-stream.ts'

/** Built by hand: the framework would set its own content types. */
export function send(answer: V1Answer, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, contentType, body } = answer
  // Otherwise an empty body would be sent in chunks.
  const kind = contentType === undefined ? { 'Content-Length': '0' } : { 'Content-Type': contentType }
  return new Response(contentType === undefined ? null : body, { status, headers: { ...kind, ...headers } })
}

/** A JSON answer of any length. If it cannot be finished, the connection is cut. */
export function sendInParts(
  parts: AsyncIterator<string>,
  call: Context<RestEnv>,
  { onInternalError }: RestContext,
): Response {
  const broken = (error: unknown): void => {
    onInternalError(asError(error))
    call.env.hangUp()
  }
  return new Response(textStream(parts, broken), { headers: { 'Content-Type': JSON_TYPE } })
}

/** The query, decoded like a form. */
export function queryOf(call: Context<RestEnv>): URLSearchParams {
  const { url } = call.req
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark))
}
