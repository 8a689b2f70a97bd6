// API v1: the whitelist. Adding a present entry or removing an absent one is not an error.

import type { Context } from 'hono'
import { type InfoHash, readInfoHash } from '../../../../domain/info-hash.ts'
import {
  ACTION_OK,
  badInfoHash,
  type FailedAction,
  NO_WHITELIST,
  NOT_FOUND,
  type V1Answer,
} from '../../../protocol/rest/v1/answers.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { attempt } from './attempt.ts'
import { send } from './send.ts'

type Route = (call: Context<RestEnv>) => Promise<Response>

export function addToWhitelist(context: RestContext): Route {
  return changing(context, 'failed to whitelist torrent', (infoHash) => context.ports.whitelist.add([{ infoHash }]))
}

export function removeFromWhitelist(context: RestContext): Route {
  return changing(context, 'failed to remove torrent from whitelist', (infoHash) =>
    context.ports.whitelist.remove([infoHash]),
  )
}

export function reloadWhitelist(context: RestContext): Route {
  return async () =>
    await change(context, 'failed to reload whitelist', async () => {
      await context.ports.whitelist.reload()
      return ACTION_OK
    })
}

function changing(context: RestContext, action: FailedAction, work: (infoHash: InfoHash) => Promise<unknown>): Route {
  return async (call) => {
    const text = call.req.param('info_hash') ?? ''
    if (text.trim() === '') return send(NOT_FOUND)
    return await change(context, action, async () => {
      const infoHash = readInfoHash(text)
      if (infoHash === undefined) return badInfoHash(text)
      await work(infoHash)
      return ACTION_OK
    })
  }
}

async function change(context: RestContext, action: FailedAction, work: () => Promise<V1Answer>): Promise<Response> {
  if (!context.ports.whitelist.isAvailable) return send(NO_WHITELIST)
  return send(await attempt({ action, withoutDatabase: NO_WHITELIST }, context, work))
}
