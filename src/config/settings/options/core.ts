// [core] and [core.private_mode]: who is served, and what is counted. The tables within [core] have files of their own.

import { boolean, wholeNumber } from '../schema-types.ts'
import { option, requiredOption } from './option.ts'

export const MAX_CLEANUP_INTERVAL_SECONDS = 2_147_483_647

/** Of [core]. */
export const accessOptions = {
  listed: requiredOption({
    schema: boolean,
    member: 'isListed',
    meaning: 'only torrents on the whitelist',
    isTorrusts: true,
  }),
  private: requiredOption({
    schema: boolean,
    member: 'isPrivate',
    meaning: 'only clients with a key',
    isTorrusts: true,
  }),
}

/** Of [core]. */
export const cleanupOptions = {
  inactive_peer_cleanup_interval: option({
    schema: wholeNumber(0, MAX_CLEANUP_INTERVAL_SECONDS, 'seconds'),
    unit: 'Seconds',
    default: 120,
    meaning: 'time between two searches for peers that are gone; 0: never (Torrust: 600)',
    isTorrusts: true,
  }),
}

/** Of [core]. */
export const statisticsOptions = {
  tracker_usage_statistics: option({
    schema: boolean,
    default: true,
    meaning:
      "`false`: requests are not counted and nothing is timed; the tracker's own health is always counted: [metrics.md](metrics.md)",
    isTorrusts: true,
  }),
}

export const privateModeOptions = {
  check_keys_expiration: option({
    schema: boolean,
    default: true,
    meaning: 'expired keys are refused',
    isTorrusts: true,
  }),
}
