// Options that are accepted but have no effect. They are logged at start.

import type { Settings } from './settings.ts'

/** One sentence per option that is set in vain. */
export function unservedOptions({ udp }: Settings): readonly string[] {
  if (udp.bans === undefined || udp.connectionIdValidation === 'strict') return []
  return ['udp_tracker_server: no address is banned for bad connection ids, because ids are not checked.']
}
