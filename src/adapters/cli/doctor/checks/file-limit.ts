// Whether there are enough descriptors for the connections that the settings allow.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

/** Files, sockets of listeners, the management API, the database. */
const OTHER_FILES = 1500

export const fileLimit: Check = ({ plan, machine }) => {
  const findings = new Findings('file-limit')
  const needed = plan.mostConnections + OTHER_FILES
  // Node.js raises the soft limit to the hard one when it starts.
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(machine.read('/proc/self/limits') ?? '') ?? []
  const limit = hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard)
  if (Number.isNaN(limit)) return findings.ok('the limit on open files cannot be told here').found
  if (limit >= needed) return findings.ok(`${limit} files can be open, ${needed} may be needed`).found
  return findings.warn(
    `${limit} files can be open; ${plan.mostConnections} connections are allowed, and ${OTHER_FILES} files are needed besides`,
    `LimitNOFILE=${needed} in the systemd unit, --ulimit nofile=${needed} with a container, or ulimit -n ${needed} in the shell; or a smaller http_tracker_server.max_connections`,
  ).found
}
