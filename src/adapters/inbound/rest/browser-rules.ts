// Headers for browsers (protocol rule SEC-34): which pages of other origins may use the API, and what its own page may
// load.

import type { MiddlewareHandler } from 'hono'
import type { RestEnv } from './rest-context.ts'

const METHODS = 'GET, PUT, POST, PATCH, DELETE'
const REQUEST_HEADERS = 'Authorization, Content-Type'
const RESPONSE_HEADERS = 'Retry-After, WWW-Authenticate'
const PREFLIGHT_SECONDS = '600'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const contentSecurityPolicy: MiddlewareHandler<RestEnv> = async (call, next) => {
  await next()
  call.res.headers.set('Content-Security-Policy', POLICY)
  call.res.headers.set('Referrer-Policy', 'no-referrer')
}

/** Sends CORS headers for the given origins only; without them browsers deny access. */
export function cors(allowedOrigins: readonly string[]): MiddlewareHandler<RestEnv> {
  return async (call, next) => {
    await next()
    if (allowedOrigins.length === 0) return
    const { headers } = call.res
    headers.append('Vary', 'Origin')
    const origin = call.req.header('origin')
    if (origin === undefined || !allowedOrigins.includes(origin)) return
    headers.set('Access-Control-Allow-Origin', origin)
    if (call.req.method !== 'OPTIONS') headers.set('Access-Control-Expose-Headers', RESPONSE_HEADERS)
    else {
      headers.set('Access-Control-Allow-Methods', METHODS)
      headers.set('Access-Control-Allow-Headers', REQUEST_HEADERS)
      headers.set('Access-Control-Max-Age', PREFLIGHT_SECONDS)
    }
  }
}
