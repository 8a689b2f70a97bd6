// API v1: the keys of a private tracker.

import type { Context } from 'hono'
import { readAccessKey } from '../../../../domain/access-key.ts'
import { Refusal } from '../../../../domain/refusal.ts'
import {
  ACTION_OK,
  BODY_NOT_LABELLED_JSON,
  badDuration,
  badKeyInPath,
  badNumberInPath,
  type FailedAction,
  failed,
  keyAnswer,
  NO_KEYS,
  NOT_FOUND,
  type V1Answer,
} from '../../../protocol/rest/v1/answers.ts'
import { type KeyForm, readKeyForm, readKeyOfForm } from '../../../protocol/rest/v1/key-form.ts'
import { writeKey } from '../../../protocol/rest/v1/key-writer.ts'
import { MAX_U64, readUnsigned } from '../../../protocol/rest/v1/rust-text.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { attempt } from './attempt.ts'
import { readBodyText } from './body.ts'
import { send } from './send.ts'

type Route = (call: Context<RestEnv>) => Promise<Response>

const IS_JSON = /^\s*application\/(?:[\w!#$&^.+-]+\+)?json\s*(?:;|$)/i

/** The body is checked before anything else, as in Torrust. */
export function createKey(context: RestContext): Route {
  return async (call) => {
    if (!IS_JSON.test(call.req.header('content-type') ?? '')) return send(BODY_NOT_LABELLED_JSON)
    const text = await readBodyText(call.req.raw, context.limits)
    if (typeof text === 'object') return send(text, { Connection: 'close' })
    const form = readKeyForm(text)
    if ('status' in form) return send(form)
    return await withKeys(context, 'failed to generate key', () => createByForm(context, form))
  }
}

async function createByForm({ ports }: RestContext, { key, secondsValid }: KeyForm): Promise<V1Answer> {
  const ownKey = key === null ? undefined : readKeyOfForm(key)
  if (typeof ownKey === 'object') return ownKey
  try {
    const seconds = lifetimeOf(secondsValid)
    return keyAnswer(
      writeKey(ownKey === undefined ? await ports.keys.issue(seconds) : await ports.keys.add(ownKey, seconds)),
    )
  } catch (error) {
    if (secondsValid === null || !(error instanceof Refusal) || error.code !== 'lifetime-too-long') throw error
    return badDuration(secondsValid)
  }
}

/** Deprecated: a random key valid for a number of seconds. */
export function generateKey(context: RestContext): Route {
  return async (call) => {
    const text = call.req.param('value') ?? ''
    if (text.trim() === '') return send(NOT_FOUND)
    const seconds = readUnsigned(text, MAX_U64)
    if (typeof seconds === 'string') return send(badNumberInPath(text))
    return await withKeys(context, 'failed to generate key', async () =>
      keyAnswer(writeKey(await context.ports.keys.issue(lifetimeOf(seconds)))),
    )
  }
}

export function deleteKey(context: RestContext): Route {
  return async (call) => {
    const text = call.req.param('value') ?? ''
    if (text.trim() === '') return send(NOT_FOUND)
    return await withKeys(context, 'failed to delete key', async () => {
      const key = readAccessKey(text)
      if (key === undefined) return badKeyInPath(text)
      const entry = await context.ports.keys.find(key)
      if (entry === undefined) return failed('failed to delete key', 'there is no such key')
      await context.ports.keys.revoke(entry.id)
      return ACTION_OK
    })
  }
}

export function reloadKeys(context: RestContext): Route {
  return async () =>
    await withKeys(context, 'failed to reload keys', async () => {
      await context.ports.keys.reload()
      return ACTION_OK
    })
}

async function withKeys(context: RestContext, action: FailedAction, work: () => Promise<V1Answer>): Promise<Response> {
  if (!context.ports.keys.isAvailable) return send(NO_KEYS)
  return send(await attempt({ action, withoutDatabase: NO_KEYS }, context, work))
}

/** For the port. More seconds than a number holds exactly would be past any date. */
function lifetimeOf(seconds: bigint | null): number | undefined {
  if (seconds === null) return undefined
  if (seconds <= Number.MAX_SAFE_INTEGER) return Number(seconds)
  throw new Refusal('lifetime-too-long', 'the lifetime is too long')
}
