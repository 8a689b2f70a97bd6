// The management API as an app: the health check, open to anyone, and one app for each version of the API.

import { Hono } from 'hono'
import { FOREIGN_HOST } from '../../protocol/rest/v1/answers.ts'
import { V2_ROOT } from '../../protocol/rest/v2/contract.ts'
import { asError } from '../as-error.ts'
import { contentSecurityPolicy, cors } from './browser-rules.ts'
import type { RestContext, RestEnv } from './rest-context.ts'
import { send } from './v1/send.ts'
import { createV1App, V1_ROOT } from './v1/v1-app.ts'
import { v1Gate } from './v1/v1-gate.ts'
import { problemResponse, RequestProblem } from './v2/request-problem.ts'
import { createV2App } from './v2/v2-app.ts'

/** Otherwise an empty body would be sent in chunks. */
const EMPTY_BODY = { 'Content-Length': '0' }

const REFERENCE_PAGE = `${V2_ROOT.slice(1)}/docs`

export function createRestApp(context: RestContext): Hono<RestEnv> {
  const app = new Hono<RestEnv>()
  app.use(async (call, next) => {
    await next()
    call.res.headers.set('X-Content-Type-Options', 'nosniff')
    call.res.headers.set('Cache-Control', 'no-store')
  })
  app.use(async (call, next) => (call.env.hasForeignHost ? misdirected(call.req.path) : await next()))
  app.use(`${V2_ROOT}/*`, contentSecurityPolicy, cors(context.allowedOrigins))
  app.options('*', (call) => call.body(null, 204))
  // Relative, so that it also works below a path of a reverse proxy.
  app.get('/', (call) => call.body(null, 302, { Location: REFERENCE_PAGE, ...EMPTY_BODY }))
  app.get('/api/health_check', (call) => call.json({ status: 'Ok' }))
  app.all('/api/health_check', (call) => call.body(null, 405, { Allow: 'GET, HEAD', ...EMPTY_BODY }))
  app.route(V1_ROOT, createV1App(context))
  app.route(V2_ROOT, createV2App(context))
  // As in Torrust, only callers with a token learn that a path does not exist.
  app.all('*', v1Gate(context), (call) => call.body(null, 404, EMPTY_BODY))
  app.onError((error, call) => {
    context.onInternalError(asError(error))
    return call.body(null, 500, EMPTY_BODY)
  })
  return app
}

/** In the form of the version that was asked. */
function misdirected(path: string): Response {
  if (isBelow(V1_ROOT, path)) return send(FOREIGN_HOST)
  if (!isBelow(V2_ROOT, path)) return new Response(null, { status: FOREIGN_HOST.status, headers: EMPTY_BODY })
  return problemResponse(new RequestProblem(421, 'foreign-host', { detail: FOREIGN_HOST.body }))
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}
