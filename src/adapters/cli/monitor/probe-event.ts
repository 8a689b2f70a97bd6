// One probe of a tracker, as a line of NDJSON: what the monitor writes, and reads again when it is restarted.

import { writeJsonLine } from '../output.ts'

export const PROBE_STATUSES = ['ok', 'timeout', 'error', 'unknown'] as const
/** unknown: not tried, because this machine could not: no route to the address, or too many open files. */
export type ProbeStatus = (typeof PROBE_STATUSES)[number]

export interface ProbeEvent {
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** The URL of the tracker, without keys; with a number if another one is the same but for its keys. */
  readonly url: string
  /** Undefined if its host has none, or could not be looked up: the event is of all its addresses. */
  readonly address: string | undefined
  readonly status: ProbeStatus
  /** With ok. */
  readonly latencyMs: number | undefined
  /** Why not ok; may contain text of the tracker. */
  readonly message: string | undefined
}

const MAX_MESSAGE_LENGTH = 200

export function writeProbeEvent({ atMs, url, address, status, latencyMs, message }: ProbeEvent): string {
  const latency_ms = latencyMs === undefined ? null : Math.round(latencyMs * 10) / 10
  const event = {
    event: 'probe',
    time: new Date(atMs).toISOString(),
    url,
    address: address ?? null,
    status,
    latency_ms,
    ...(message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE_LENGTH) }),
  }
  return writeJsonLine(event)
}

/** Undefined for any other line, such as one that was cut off. */
export function readProbeEvent(line: string): ProbeEvent | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const { url, address, latency_ms: latency, message } = fields
  const atMs = Date.parse(String(fields['time']))
  const status = PROBE_STATUSES.find((one) => one === fields['status'])
  if (fields['event'] !== 'probe' || status === undefined || typeof url !== 'string' || Number.isNaN(atMs)) {
    return undefined
  }
  return {
    atMs,
    url,
    address: typeof address === 'string' ? address : undefined,
    status,
    latencyMs: typeof latency === 'number' && latency >= 0 ? latency : undefined,
    message: typeof message === 'string' ? message : undefined,
  }
}
