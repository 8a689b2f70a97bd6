// Everything on a tracker's listener except announce and scrape. Those two never get here: a framework would double
// their cost and parse their queries as text.

import type { RequestListener } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'

/** Without it an empty body would be sent chunked. */
const NOTHING = { 'Content-Length': '0' }

/** Serves the health check for containers and orchestrators; everything else is 404. */
export function createTrackerApp(onInternalError: (error: Error) => void): RequestListener {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get('/health_check', (context) => context.json({ status: 'Ok' }))
  app.all('/health_check', (context) => context.body(null, 405, { Allow: 'GET, HEAD', ...NOTHING }))
  app.notFound((context) => context.body(null, 404, NOTHING))
  app.onError((error, context) => {
    onInternalError(error)
    return context.body(null, 500, NOTHING)
  })
  // HTTP/1.0 clients need not send a Host header.
  return getRequestListener(app.fetch, { hostname: 'localhost', overrideGlobalObjects: false })
}
