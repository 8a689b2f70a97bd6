// REST v2: the access mode, so that callers can tell whether lists and keys have an effect.

import * as v from 'valibot'
import { json, operation } from '../operation.ts'

export const AccessSchema = v.strictObject({
  listed: v.pipe(v.boolean(), v.description('Only torrents on the whitelist are served.')),
  private: v.pipe(v.boolean(), v.description('Only clients with a key are served.')),
})

export const access = {
  getAccess: operation({
    method: 'get',
    path: '/access',
    tag: 'stats',
    summary: 'Which torrents and clients are served',
    scope: 'read',
    success: { 200: { description: 'The access mode', content: json(AccessSchema) } },
    problems: [],
  }),
}
