// Whether the memory that the settings promise is there.

import { Findings } from '../finding.ts'
import type { Check, Patient } from '../patient.ts'
import { writeBytes } from '../words.ts'

/** Node.js, its threads, and the buffers of sockets. */
const BESIDES = 256 * 1024 * 1024

export const memory: Check = ({ plan, machine }) => {
  const findings = new Findings('memory')
  const { bytes, owner } = limitOf(machine)
  const promised = plan.swarmBudgetBytes
  const sums = `${writeBytes(promised)} for swarms, and about ${writeBytes(BESIDES)} besides`
  const remedy = `a smaller memory.swarm_budget in the configuration, or more memory`
  if (promised > bytes)
    findings.fail(`${owner} has ${writeBytes(bytes)}, less than the settings promise: ${sums}`, remedy)
  else if (promised + BESIDES > bytes) findings.warn(`${owner} has only ${writeBytes(bytes)}: ${sums}`, remedy)
  return findings.otherwise(`${owner} has ${writeBytes(bytes)}: ${sums}`).found
}

/** The machine's, or less if a control group says so. */
const limitOf = (machine: Patient['machine']): { readonly bytes: number; readonly owner: string } => {
  const [, group = '/'] = /^0::(.*)$/m.exec(machine.read('/proc/self/cgroup') ?? '') ?? []
  const files = [
    `/sys/fs/cgroup${group === '/' ? '' : group}/memory.max`,
    '/sys/fs/cgroup/memory.max',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes',
  ]
  const limits = files.map((file) => Number.parseInt(machine.read(file) ?? '', 10)).filter((limit) => limit > 0)
  const limit = Math.min(...limits)
  const whole = machine.memoryBytes()
  return limit < whole ? { bytes: limit, owner: 'the control group' } : { bytes: whole, owner: 'the machine' }
}
