// contrib/kubernetes/muster.yaml: its parts refer to each other correctly, and the pod is as hardened as the image
// allows.

import { describe, expect, it } from '@jest/globals'
import { at, readYaml } from './yaml-files.ts'

const parts = readYaml('contrib/kubernetes/muster.yaml')
function named(kind: string, name: string) {
  return parts.find((part) => at(part, 'kind') === kind && at(part, 'metadata', 'name') === name)
}

const pod = at(named('StatefulSet', 'muster'), 'spec', 'template', 'spec')
const tracker = at(pod, 'containers', 0)
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

describe('the Kubernetes manifest', () => {
  it("publishes UDP and HTTP with the clients' addresses, and keeps management in the cluster, health on the node", () => {
    expect(at(named('Service', 'muster'), 'spec')).toMatchObject({
      externalTrafficPolicy: 'Local',
      ports: [
        { protocol: 'UDP', port: 6969, targetPort: 'udp' },
        { protocol: 'TCP', port: 7070, targetPort: 'http' },
      ],
    })
    expect(at(named('Service', 'muster-api'), 'spec')).toMatchObject({
      type: 'ClusterIP',
      ports: [{ protocol: 'TCP', port: 1212, targetPort: 'api' }],
    })
  })

  it('selects the pod that it creates', () => {
    const labels = at(named('StatefulSet', 'muster'), 'spec', 'template', 'metadata', 'labels')
    for (const service of ['muster', 'muster-api']) {
      expect(at(named('Service', service), 'spec', 'selector')).toEqual(labels)
    }
    expect(at(named('StatefulSet', 'muster'), 'spec', 'selector', 'matchLabels')).toEqual(labels)
  })

  it('runs as an unprivileged user, on a read-only root', () => {
    expect(at(pod, 'securityContext')).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 })
    expect(at(tracker, 'securityContext')).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      privileged: false,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('mounts the volumes that it has, and probes health where the tracker serves it', () => {
    const volumes = [
      ...list(at(pod, 'volumes')),
      ...list(at(named('StatefulSet', 'muster'), 'spec', 'volumeClaimTemplates')),
    ]
    const names = volumes.map((volume) => at(volume, 'name') ?? at(volume, 'metadata', 'name'))
    for (const mount of list(at(tracker, 'volumeMounts'))) expect(names).toContain(at(mount, 'name'))
    const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => at(tracker, probe, 'httpGet'))
    expect(paths).toEqual(['/readyz', '/livez', '/readyz'].map((path) => ({ path, port: 'health' })))
  })

  it('waits longer for a stop than the tracker takes', () => {
    const document = String(at(named('ConfigMap', 'muster'), 'data', 'tracker.toml'))
    const deadline = Number(/^shutdown_deadline = (\d+)$/m.exec(document)?.[1])
    expect(Number(at(pod, 'terminationGracePeriodSeconds'))).toBeGreaterThan(deadline + 10)
  })
})
