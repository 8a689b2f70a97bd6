// Between the framework and the answers of API v1.

import type { Context } from 'hono'
import type { V1Answer } from '../../../protocol/rest/v1/answers.ts'
import type { RestEnv } from '../rest-context.ts'

/** Made by hand: the framework would choose content types of its own. */
export function send(answer: V1Answer, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, contentType, body } = answer
  // An empty body would be sent in chunks otherwise.
  const kind = contentType === undefined ? { 'Content-Length': '0' } : { 'Content-Type': contentType }
  return new Response(contentType === undefined ? null : body, { status, headers: { ...kind, ...headers } })
}

/** The query, decoded as forms are. */
export function queryOf(call: Context<RestEnv>): URLSearchParams {
  const { url } = call.req
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark))
}
