// Authentication of API v1. It covers all paths, unknown ones too: a client without a valid token cannot find out which
// paths exist.

import type { MiddlewareHandler } from 'hono'
import {
  CROSS_SITE,
  NO_TOKEN,
  TOO_MANY_FAILURES,
  UNKNOWN_TOKEN_FORM,
  type V1Answer,
  WRONG_TOKEN,
} from '../../../protocol/rest/v1/answers.ts'
import { readShownToken, type ShownToken } from '../../../protocol/rest/v1/token.ts'
import { isCrossSite } from '../cross-site.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { queryOf, send } from './send.ts'

/** Open to tokens of scope `read`. Elsewhere they are treated as wrong: v1 has no answer for an insufficient scope. */
const READING = /^\/api\/v1\/(?:stats|metrics|torrents|torrent\/[^/]+)$/

export function v1Gate({ gate, allowedOrigins }: RestContext): MiddlewareHandler<RestEnv> {
  return async (call, next) => {
    if (isCrossSite((name) => call.req.header(name), allowedOrigins)) return send(CROSS_SITE)
    const { address, authorizations } = call.env
    const shown = readShownToken(authorizations, queryOf(call))
    const verdict = gate.verify(shown.kind === 'token' ? shown.token : undefined, address)
    if (verdict === 'limited') {
      return send(TOO_MANY_FAILURES, { 'Retry-After': String(gate.retryAfterSeconds(address)) })
    }
    const isReading = (call.req.method === 'GET' || call.req.method === 'HEAD') && READING.test(call.req.path)
    if (verdict === 'manage' || (verdict === 'read' && isReading)) return await next()
    return send(refusalOf(shown))
  }
}

function refusalOf(shown: ShownToken): V1Answer {
  if (shown.kind === 'missing') return NO_TOKEN
  return shown.kind === 'unknown' ? UNKNOWN_TOKEN_FORM : WRONG_TOKEN
}
