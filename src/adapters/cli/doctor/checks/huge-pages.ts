// Checks that the kernel may back swarms with 2 MiB pages, which saves page table lookups.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

const SWITCH = '/sys/kernel/mm/transparent_hugepage/enabled'

export const hugePages: Check = ({ machine }) => {
  const findings = new Findings('huge-pages')
  const [, chosen] = /\[(\w+)\]/.exec(machine.read(SWITCH) ?? '') ?? []
  if (chosen === undefined) return findings.ok('this kernel does not report whether huge pages are available').found
  if (chosen !== 'never') return findings.ok(`huge pages are available (${chosen})`).found
  return findings.warn(
    'huge pages are off: large swarms take more processor time',
    `echo madvise > ${SWITCH}; to make it permanent: transparent_hugepage=madvise on the kernel's command line`,
  ).found
}
