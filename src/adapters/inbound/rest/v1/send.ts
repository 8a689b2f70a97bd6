// Turns answers of API v1 into the framework's responses.

import type { Context } from 'hono'
import type { V1Answer } from '../../../protocol/rest/v1/answers.ts'
import type { RestEnv } from '../rest-context.ts'

/** Built by hand: the framework would set its own content types. */
export function send(answer: V1Answer, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, contentType, body } = answer
  // Otherwise an empty body would be sent in chunks.
  const kind = contentType === undefined ? { 'Content-Length': '0' } : { 'Content-Type': contentType }
  return new Response(contentType === undefined ? null : body, { status, headers: { ...kind, ...headers } })
}

/** The query, decoded like a form. */
export function queryOf(call: Context<RestEnv>): URLSearchParams {
  const { url } = call.req
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark))
}
