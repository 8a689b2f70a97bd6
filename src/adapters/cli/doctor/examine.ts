// Runs all checks, in a sensible order for the reader.

import { certificates } from './checks/certificates.ts'
import { clock } from './checks/clock.ts'
import { connectionTracking } from './checks/connection-tracking.ts'
import { dataDirectory } from './checks/data-directory.ts'
import { database } from './checks/database.ts'
import { fileLimit } from './checks/file-limit.ts'
import { hugePages } from './checks/huge-pages.ts'
import { ipv6 } from './checks/ipv6.ts'
import { kernelBuffers } from './checks/kernel-buffers.ts'
import { memory } from './checks/memory.ts'
import { newtrackon } from './checks/newtrackon.ts'
import { ports } from './checks/ports.ts'
import { reachability } from './checks/reachability.ts'
import { secretFiles } from './checks/secret-files.ts'
import type { Check, Machine, TrackerPlan } from './examined-tracker.ts'
import type { Finding } from './finding.ts'
import { listenerStates } from './listener-states.ts'

const CHECKS: readonly Check[] = [
  kernelBuffers,
  fileLimit,
  connectionTracking,
  hugePages,
  memory,
  clock,
  ipv6,
  dataDirectory,
  secretFiles,
  database,
  certificates,
  ports,
  reachability,
  newtrackon,
]

export async function runChecks(plan: TrackerPlan, machine: Machine): Promise<readonly Finding[]> {
  const tracker = { plan, machine, listeners: await listenerStates(plan.listeners) }
  return (await Promise.all(CHECKS.map((check) => check(tracker)))).flat()
}
