// [core] and [core.private_mode]: which clients are served, and what is counted. Tables inside [core] have their own
// files.

import { boolean, secondsBetween } from '../schema-types.ts'
import { option } from './option.ts'

export const MAX_CLEANUP_INTERVAL_SECONDS = 2_147_483_647

/** Of [core]. */
export const accessOptions = {
  listed: option({
    schema: boolean,
    member: 'isListed',
    default: false,
    meaning: 'serve only torrents on the whitelist',
    isTorrusts: true,
  }),
  private: option({
    schema: boolean,
    member: 'isPrivate',
    default: false,
    meaning: 'serve only clients with a key',
    isTorrusts: true,
  }),
}

/** Of [core]. */
export const cleanupOptions = {
  inactive_peer_cleanup_interval: option({
    schema: secondsBetween(0, MAX_CLEANUP_INTERVAL_SECONDS),
    unit: 'Seconds',
    default: 120,
    meaning: 'time between clean-ups of expired peers; 0: never (Torrust: 600)',
    isTorrusts: true,
  }),
}

/** Of [core]. */
export const statisticsOptions = {
  tracker_usage_statistics: option({
    schema: boolean,
    default: true,
    meaning:
      "`false`: requests are neither counted nor timed; the tracker's own health is always counted: [metrics.md](metrics.md)",
    isTorrusts: true,
  }),
}

export const privateModeOptions = {
  check_keys_expiration: option({
    schema: boolean,
    default: true,
    meaning: 'reject expired keys',
    isTorrusts: true,
  }),
}
