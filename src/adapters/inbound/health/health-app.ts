// The three endpoints of the health API, open to any caller: answers contain only the tracker's own addresses and their
// health, and nothing from the request.

import { Hono } from 'hono'
import { type Condition, isPassing } from '../../protocol/health/condition.ts'
import { healthReport } from '../../protocol/health/health-report.ts'
import { Conditions } from './conditions.ts'
import type { Probes, RunningTracker } from './running-tracker.ts'
import { ServiceChecks } from './service-checks.ts'

/** Otherwise an empty body would be sent in chunks. */
const EMPTY_BODY = { 'Content-Length': '0' }

export function createHealthApp(
  tracker: RunningTracker,
  probes: Probes,
  onInternalError: (error: Error) => void,
): Hono {
  const services = new ServiceChecks(tracker, probes)
  const conditions = new Conditions(tracker, services)
  const status = (condition: Condition): 200 | 503 => (isPassing(condition) ? 200 : 503)
  const app = new Hono()
  app.use(async (call, next) => {
    await next()
    call.res.headers.set('Cache-Control', 'no-store')
    call.res.headers.set('X-Content-Type-Options', 'nosniff')
  })
  // Torrust's tools read the body; the status only means that the API is up.
  app.get('/health_check', async (call) => call.json(healthReport(await services.reports())))
  app.get('/livez', (call) => {
    const condition = conditions.live()
    return call.json(condition, status(condition))
  })
  app.get('/readyz', async (call) => {
    const condition = await conditions.ready()
    return call.json(condition, status(condition))
  })
  for (const path of ['/health_check', '/livez', '/readyz']) {
    app.all(path, (call) => call.body(null, 405, { Allow: 'GET, HEAD', ...EMPTY_BODY }))
  }
  app.notFound((call) => call.body(null, 404, EMPTY_BODY))
  app.onError((error, call) => {
    onInternalError(error)
    return call.body(null, 500, EMPTY_BODY)
  })
  return app
}
