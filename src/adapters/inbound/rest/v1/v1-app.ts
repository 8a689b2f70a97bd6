// REST v1: the routes of Torrust's management API with its texts, so that its clients and its index work unchanged. New
// clients should use v2.

import { type Context, Hono } from 'hono'
import { INTERNAL_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND } from '../../../protocol/rest/v1/answers.ts'
import { asError } from '../../as-error.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { createKey, deleteKey, generateKey, reloadKeys } from './key-routes.ts'
import { showMetrics, showStats, showTorrent, showTorrents } from './query-routes.ts'
import { send } from './send.ts'
import { v1Gate } from './v1-gate.ts'
import { addToWhitelist, reloadWhitelist, removeFromWhitelist } from './whitelist-routes.ts'

export const V1_ROOT = '/api/v1'

/** To be mounted at `V1_ROOT`. */
export function createV1App(context: RestContext): Hono<RestEnv> {
  const app = new Hono<RestEnv>()
  app.use(v1Gate(context))

  app.get('/stats', showStats(context)).all(notAllowed('GET,HEAD'))
  app.get('/metrics', showMetrics(context)).all(notAllowed('GET,HEAD'))
  app.get('/torrent/:info_hash', showTorrent(context)).all(notAllowed('GET,HEAD'))
  app.get('/torrents', showTorrents(context)).all(notAllowed('GET,HEAD'))

  app.get('/whitelist/reload', reloadWhitelist(context)).all(notAllowed('GET,HEAD'))
  app
    .post('/whitelist/:info_hash', addToWhitelist(context))
    .delete(removeFromWhitelist(context))
    .all(notAllowed('POST,DELETE'))

  app.get('/keys/reload', reloadKeys(context)).all(notAllowed('GET,HEAD'))
  app.post('/keys', createKey(context)).all(notAllowed('POST'))
  // Deprecated in Torrust too, but its index still calls them.
  app.post('/key/:value', generateKey(context)).delete(deleteKey(context)).all(notAllowed('POST,DELETE'))

  app.all('*', () => send(NOT_FOUND))
  app.onError((error) => {
    context.onInternalError(asError(error))
    return send(INTERNAL_ERROR)
  })
  return app
}

/** Handles the methods that the route before it does not support. */
function notAllowed(allowed: string): (call: Context<RestEnv>) => Response {
  return () => send(METHOD_NOT_ALLOWED, { Allow: allowed })
}
