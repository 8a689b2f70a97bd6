// Whether the kernel lets sockets have the buffers that the settings ask for: what does not fit is dropped.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeBytes } from '../formatting.ts'

const LIMITS = ['net.core.rmem_max', 'net.core.wmem_max'] as const

export const kernelBuffers: Check = ({ plan, machine }) => {
  const findings = new Findings('kernel-buffers')
  if (!plan.listeners.some(({ kind }) => kind === 'udp')) return findings.ok('no UDP is served').found
  const wanted = plan.socketBufferBytes
  for (const name of LIMITS) {
    const limit = Number(machine.read(`/proc/sys/${name.replaceAll('.', '/')}`))
    if (Number.isNaN(limit) || limit === 0 || limit >= wanted) continue
    findings.warn(
      `${name} is ${writeBytes(limit)}, the settings ask for ${writeBytes(wanted)}: bursts of datagrams are dropped unless the tracker has CAP_NET_ADMIN`,
      `sysctl -w ${name}=${wanted}; to keep it: echo '${name} = ${wanted}' >> /etc/sysctl.d/90-muster.conf`,
    )
  }
  return findings.okIfNone(`sockets can have the ${writeBytes(wanted)} that the settings ask for`).found
}
