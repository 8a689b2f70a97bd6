// Checks that there are enough file descriptors for the configured number of connections.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

/** For files, listeners, the management API and the database. */
const OTHER_FILES = 1500

export const fileLimit: Check = ({ plan, machine }) => {
  const findings = new Findings('file-limit')
  const needed = plan.maxConnections + OTHER_FILES
  // Node.js raises the soft limit to the hard one when it starts.
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(machine.read('/proc/self/limits') ?? '') ?? []
  const limit = hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard)
  if (Number.isNaN(limit)) return findings.ok('the limit on open files is unknown').found
  if (limit >= needed) return findings.ok(`${limit} files may be open, up to ${needed} are needed`).found
  return findings.warn(
    `${limit} files may be open, but up to ${needed} are needed: ${plan.maxConnections} for connections and ${OTHER_FILES} for everything else`,
    `set LimitNOFILE=${needed} in the systemd unit, --ulimit nofile=${needed} with a container, or ulimit -n ${needed} in the shell; or set a smaller http_tracker_server.max_connections`,
  ).found
}
