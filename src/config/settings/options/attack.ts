// [attack]: when the tracker considers itself under attack, and who is told.

import * as v from 'valibot'
import { boolean, wholeNumber } from '../schema-types.ts'
import { option, optionWithoutDefault } from './option.ts'

const WEBHOOK = 'must be a URL that begins with https:// or http://'

function isWebhook(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url)
}

export const attackOptions = {
  detection: option({
    schema: boolean,
    default: true,
    member: 'isDetected',
    meaning: 'recognize attacks, and spend less on clients that have proven nothing while one lasts',
  }),
  min_rate: option({
    schema: wholeNumber(100, 10_000_000),
    default: 1000,
    meaning: 'less bad traffic a second than this is never an attack; for HTTP connections a tenth of it',
  }),
  ratio: option({
    schema: wholeNumber(1, 1000),
    default: 2,
    meaning: 'nor is less than this many times what is served meanwhile',
  }),
  alert_webhook: optionWithoutDefault({
    schema: v.pipe(v.string(WEBHOOK), v.check(isWebhook, WEBHOOK)),
    meaning: 'secret; URL that is sent a JSON object by POST when an attack begins and when it has ended',
    isSecret: true,
  }),
}
