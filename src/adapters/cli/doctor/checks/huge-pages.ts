// Whether the kernel may back the swarms with pages of 2 MiB, which spares the processor many a search.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

const SWITCH = '/sys/kernel/mm/transparent_hugepage/enabled'

export const hugePages: Check = ({ machine }) => {
  const findings = new Findings('huge-pages')
  const [, chosen] = /\[(\w+)\]/.exec(machine.read(SWITCH) ?? '') ?? []
  if (chosen === undefined) return findings.ok('this kernel does not say whether it has huge pages').found
  if (chosen !== 'never') return findings.ok(`huge pages can be had (${chosen})`).found
  return findings.warn(
    'huge pages are off: answers take more processor time in large swarms',
    `echo madvise > ${SWITCH}; to keep it: transparent_hugepage=madvise on the kernel's command line`,
  ).found
}
