// Runs all checks, in a sensible order for the reader.

import { errorMessage } from '../../../domain/error-message.ts'
import { alertWebhook } from './checks/alert-webhook.ts'
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
import { type Finding, Findings } from './finding.ts'
import { listenerStates } from './listener-states.ts'

/** By the names that their findings carry. */
export const CHECKS: readonly (readonly [name: string, check: Check])[] = [
  ['kernel-buffers', kernelBuffers],
  ['file-limit', fileLimit],
  ['connection-tracking', connectionTracking],
  ['huge-pages', hugePages],
  ['memory', memory],
  ['clock', clock],
  ['ipv6', ipv6],
  ['data-directory', dataDirectory],
  ['secret-files', secretFiles],
  ['database', database],
  ['alert-webhook', alertWebhook],
  ['certificates', certificates],
  ['ports', ports],
  ['reachability', reachability],
  ['newtrackon', newtrackon],
]

const AS_ITS_USER = "run muster doctor as the tracker's user; if this remains, report it as a bug"

export async function runChecks(plan: TrackerPlan, machine: Machine): Promise<readonly Finding[]> {
  const tracker = { plan, machine, listeners: await listenerStates(plan.listeners) }
  return (await Promise.all(CHECKS.map(([name, check]) => runCheck(name, () => check(tracker))))).flat()
}

/** An exception of a check is its own finding: nothing else may be lost by it. */
export async function runCheck(name: string, act: () => ReturnType<Check>): Promise<readonly Finding[]> {
  try {
    return await act()
  } catch (error) {
    return new Findings(name).fail(`could not be carried out: ${errorMessage(error)}`, AS_ITS_USER).found
  }
}
