// The answer of `/health_check`, in Torrust's JSON: every running service and the result of probing it.

export interface ServiceReport {
  /** `udp://0.0.0.0:6969`, `http://0.0.0.0:7070/`. */
  readonly service_binding: string
  /** `0.0.0.0:6969`. */
  readonly binding: string
  /** `udp_tracker`, `http_tracker`, `tracker_rest_api`. */
  readonly service_type: string
  readonly info: string
  /** The URL that clients know it by; only if one is configured. */
  readonly public_url?: string
  readonly result: { readonly Ok: string } | { readonly Err: string }
}

export interface HealthReport {
  /** None: no service is running. */
  readonly status: 'Ok' | 'Error' | 'None'
  readonly message: string
  readonly details: readonly ServiceReport[]
}

export function isHealthy({ result }: Pick<ServiceReport, 'result'>): boolean {
  return 'Ok' in result
}

export function healthReport(details: readonly ServiceReport[]): HealthReport {
  if (details.length === 0) return { status: 'None', message: '', details }
  return details.every(isHealthy)
    ? { status: 'Ok', message: '', details }
    : { status: 'Error', message: 'health check failed', details }
}
