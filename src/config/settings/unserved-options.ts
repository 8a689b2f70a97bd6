// Options that are accepted but have no effect in this version. They are logged at start.

import type { Settings } from './settings.ts'

/** One sentence per option that is set but not implemented yet. */
export function unservedOptions({ udp }: Settings): readonly string[] {
  return udp.bans === undefined ? [] : ['udp_tracker_server: addresses are not banned for bad connection ids yet.']
}
