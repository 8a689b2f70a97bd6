// Checks that there is enough memory for the configured swarm budget.

import { writeBytes } from '../../quantities.ts'
import type { Check, ExaminedTracker } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

/** For Node.js, its threads and socket buffers. */
const OVERHEAD_BYTES = 256 * 1024 * 1024

export const memory: Check = ({ plan, machine }) => {
  const findings = new Findings('memory')
  const { bytes, owner } = memoryLimit(machine)
  const budget = plan.swarmBudgetBytes
  const needs = `${writeBytes(budget)} for swarms and about ${writeBytes(OVERHEAD_BYTES)} for everything else`
  const remedy = 'set a smaller memory.swarm_budget, or add memory'
  if (budget > bytes) findings.fail(`${owner} has ${writeBytes(bytes)}, less than the settings need: ${needs}`, remedy)
  else if (budget + OVERHEAD_BYTES > bytes) findings.warn(`${owner} has only ${writeBytes(bytes)}: ${needs}`, remedy)
  return findings.okIfNone(`${owner} has ${writeBytes(bytes)}: ${needs}`).found
}

/** The memory of the machine, or the limit of the control group if that is lower. */
function memoryLimit(machine: ExaminedTracker['machine']): { readonly bytes: number; readonly owner: string } {
  const [, group = '/'] = /^0::(.*)$/m.exec(machine.read('/proc/self/cgroup') ?? '') ?? []
  const files = [
    `/sys/fs/cgroup${group === '/' ? '' : group}/memory.max`,
    '/sys/fs/cgroup/memory.max',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes',
  ]
  const limits = files.map((file) => Number.parseInt(machine.read(file) ?? '', 10)).filter((limit) => limit > 0)
  const limit = Math.min(...limits)
  const total = machine.memoryBytes()
  return limit < total ? { bytes: limit, owner: 'the control group' } : { bytes: total, owner: 'the machine' }
}
