// Every running service, asked over its own wire, all at once. The texts are those of Torrust.

import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { ServiceReport } from '../../protocol/health/health-report.ts'
import { Recent } from './cached-answer.ts'
import type { Outcome, Probes, RunningTracker, Service } from './running-tracker.ts'

/** A flood of questions must not become a flood of probes. */
const LIFETIME_MS = 500

export class ServiceChecks {
  readonly #recent: Recent<readonly ServiceReport[]>

  constructor(tracker: Pick<RunningTracker, 'services' | 'state'>, probes: Probes) {
    // Of a tracker that starts there is nothing to tell yet: those that are there already would look like all there
    // are.
    const services = () => (tracker.state() === 'starting' ? [] : tracker.services())
    this.#recent = new Recent(() => Promise.all(services().map((service) => check(service, probes))), LIFETIME_MS)
  }

  /** Never rejects; as old as half a second. */
  reports(): Promise<readonly ServiceReport[]> {
    return this.#recent.get()
  }
}

async function check(service: Service, probes: Probes): Promise<ServiceReport> {
  const binding = writeHostPort(service.host, service.port)
  return {
    // A URL of the web has a path, however short.
    service_binding: service.type === 'udp_tracker' ? `udp://${binding}` : `${service.scheme}://${binding}/`,
    binding,
    service_type: service.type,
    ...(await ask(service, probes)),
  }
}

async function ask(service: Service, probes: Probes): Promise<{ readonly info: string; readonly result: Outcome }> {
  if (service.type === 'udp_tracker') {
    const info = `checking the udp tracker health check at: ${writeHostPort(service.host, service.port)}`
    return { info, result: await probes.udp(service) }
  }
  const [name, path] =
    service.type === 'http_tracker' ? ['http tracker', '/health_check'] : ['api', '/api/health_check']
  const info = `checking ${name} health check at: ${urlOf(service)}${path}`
  return { info, result: await probes.http({ ...service, path }) }
}

function urlOf(service: Service): string {
  return `${service.scheme}://${writeHostPort(service.host, service.port)}`
}
