// Checks that the kernel allows socket buffers of the configured size: datagrams that do not fit are dropped.

import { writeBytes } from '../../quantities.ts'
import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

const LIMITS = ['net.core.rmem_max', 'net.core.wmem_max'] as const

export const kernelBuffers: Check = ({ plan, machine }) => {
  const findings = new Findings('kernel-buffers')
  if (!plan.listeners.some(({ kind }) => kind === 'udp')) return findings.ok('UDP is not served').found
  const wanted = plan.socketBufferBytes
  for (const name of LIMITS) {
    const limit = Number(machine.read(`/proc/sys/${name.replaceAll('.', '/')}`))
    if (Number.isNaN(limit) || limit === 0 || limit >= wanted) continue
    findings.warn(
      `${name} is ${writeBytes(limit)}, but the settings ask for ${writeBytes(wanted)}: bursts of datagrams are dropped unless the tracker has CAP_NET_ADMIN`,
      `sysctl -w ${name}=${wanted}; to make it permanent: echo '${name} = ${wanted}' >> /etc/sysctl.d/90-muster.conf`,
    )
  }
  return findings.okIfNone(`socket buffers can have the configured ${writeBytes(wanted)}`).found
}
