// Reads the answers of a health API. It may be that of another program: an invalid answer is undefined.

import type { Condition, ConditionCheck } from './condition.ts'
import type { HealthReport, ServiceReport } from './health-report.ts'

export function readHealthReport(text: string): HealthReport | undefined {
  const { status, message, details } = fieldsOf(text)
  if (status !== 'Ok' && status !== 'Error' && status !== 'None') return undefined
  if (typeof message !== 'string' || !Array.isArray(details)) return undefined
  const reports = details.map(readServiceReport)
  return reports.every((report) => report !== undefined) ? { status, message, details: reports } : undefined
}

export function readCondition(text: string): Condition | undefined {
  const { status, checks } = fieldsOf(text)
  if (!isStatus(status) || !Array.isArray(checks)) return undefined
  return checks.every(isConditionCheck) ? { status, checks } : undefined
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function haveText(record: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof record[name] === 'string')
}

/** Older versions of Torrust send neither the type nor the URL of a service; the binding replaces the URL. */
function readServiceReport(value: unknown): ServiceReport | undefined {
  if (!isRecord(value) || !isRecord(value['result'])) return undefined
  const { binding, info, service_binding: url = binding, service_type: type = 'service' } = value
  const { Ok: good, Err: bad } = value['result']
  if (typeof binding !== 'string' || typeof info !== 'string') return undefined
  if (typeof url !== 'string' || typeof type !== 'string') return undefined
  const { public_url: known } = value
  const common = {
    service_binding: url,
    binding,
    service_type: type,
    info,
    ...(typeof known === 'string' && { public_url: known }),
  }
  if (typeof good === 'string') return { ...common, result: { Ok: good } }
  return typeof bad === 'string' ? { ...common, result: { Err: bad } } : undefined
}

function isConditionCheck(value: unknown): value is ConditionCheck {
  return isRecord(value) && haveText(value, ['name', 'status', 'message'])
}

function isStatus(value: unknown): value is Condition['status'] {
  return ['live', 'dying', 'ready', 'degraded', 'not ready'].some((status) => status === value)
}
