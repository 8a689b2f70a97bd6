// Everything on a tracker's listener that is not announce or scrape. Those two never come here: a framework would cost
// as much again as they do, and would parse their queries as text.

import type { RequestListener } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'

/** An empty body would be sent in chunks otherwise. */
const NOTHING = { 'Content-Length': '0' }

/** The health check that containers and orchestrators ask; nothing else is found. */
export function createTrackerApp(onInternalError: (error: Error) => void): RequestListener {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get('/health_check', (context) => context.json({ status: 'Ok' }))
  app.all('/health_check', (context) => context.body(null, 405, { Allow: 'GET, HEAD', ...NOTHING }))
  app.notFound((context) => context.body(null, 404, NOTHING))
  app.onError((error, context) => {
    onInternalError(error)
    return context.body(null, 500, NOTHING)
  })
  // HTTP/1.0 clients need not say which host they mean.
  return getRequestListener(app.fetch, { hostname: 'localhost', overrideGlobalObjects: false })
}
