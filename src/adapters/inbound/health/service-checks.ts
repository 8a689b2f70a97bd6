// Probes every running service over its own protocol, all in parallel. The texts are Torrust's.

import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { ServiceReport } from '../../protocol/health/health-report.ts'
import { CachedAnswer } from './cached-answer.ts'
import type { Outcome, Probes, RunningTracker, Service } from './running-tracker.ts'

/** A flood of requests must not become a flood of probes. */
const LIFETIME_MS = 500

export class ServiceChecks {
  readonly #cached: CachedAnswer<readonly ServiceReport[]>

  constructor(tracker: Pick<RunningTracker, 'services' | 'state'>, probes: Probes) {
    // Nothing is reported during start-up: a partial list would look like a complete one.
    const services = () => (tracker.state() === 'starting' ? [] : tracker.services())
    this.#cached = new CachedAnswer(() => Promise.all(services().map((service) => check(service, probes))), LIFETIME_MS)
  }

  /** Never rejects; at most half a second old. */
  reports(): Promise<readonly ServiceReport[]> {
    return this.#cached.get()
  }
}

async function check(service: Service, probes: Probes): Promise<ServiceReport> {
  const binding = writeHostPort(service.host, service.port)
  return {
    // An HTTP URL always has a path.
    service_binding: service.type === 'udp_tracker' ? `udp://${binding}` : `${service.scheme}://${binding}/`,
    binding,
    service_type: service.type,
    ...(service.publicUrl !== undefined && { public_url: service.publicUrl }),
    ...(await ASK[service.type](service, probes)),
  }
}

type Answer = Promise<{ readonly info: string; readonly result: Outcome }>

/** How each type of service is asked. */
const ASK: Readonly<Record<Service['type'], (service: Service, probes: Probes) => Answer>> = {
  udp_tracker: async (service, probes) => ({
    info: `checking the udp tracker health check at: ${writeHostPort(service.host, service.port)}`,
    result: await probes.udp(service),
  }),
  http_tracker: (service, probes) => askPage(service, 'http tracker', '/health_check', probes),
  tracker_rest_api: (service, probes) => askPage(service, 'api', '/api/health_check', probes),
}

function askPage(service: Service, name: string, path: string, probes: Probes): Answer {
  const info = `checking ${name} health check at: ${urlOf(service)}${path}`
  return probes.http({ ...service, path }).then((result) => ({ info, result }))
}

function urlOf(service: Service): string {
  return `${service.scheme}://${writeHostPort(service.host, service.port)}`
}
