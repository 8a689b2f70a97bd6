// Notes on standard error that a change is stored but has no effect: a whitelist on a tracker that serves every
// torrent, keys on one that serves every client.

import { ClientError } from '../../client/client-error.ts'
import type { RestClient } from '../../client/rest-client.ts'
import type { ApiSession } from '../api-command.ts'

type Effective = 'whitelist' | 'keys'

const NOTES: Readonly<Record<Effective, string>> = {
  whitelist:
    'Note: the whitelist has no effect now, because this tracker serves every torrent. Set core.listed = true and restart it.',
  keys: 'Note: keys have no effect now, because this tracker serves every client. Set core.private = true and restart it.',
}

/** To be called after a change. A tracker that does not say its mode gets no note. */
export async function noteIfWithoutEffect(changed: Effective, { client, err }: ApiSession): Promise<void> {
  const access = await accessOf(client)
  if (access !== undefined && !(changed === 'whitelist' ? access.listed : access.private)) err(`${NOTES[changed]}\n`)
}

/** The change is made: whatever fails here must not make it look undone. */
async function accessOf(client: RestClient) {
  try {
    return await client.call('getAccess')
  } catch (error) {
    if (error instanceof ClientError) return undefined
    throw error
  }
}
