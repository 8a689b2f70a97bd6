// Queries the health API and prints the result. Containers run this every few seconds, so it loads as little as it can.

import { errorMessage } from '../../../domain/error-message.ts'
import { pluralize } from '../../../domain/pluralize.ts'
import { httpGet, pageUrl } from '../../client/http-get.ts'
import { type Condition, isPassing } from '../../protocol/health/condition.ts'
import { type HealthReport, isHealthy } from '../../protocol/health/health-report.ts'
import { readCondition, readHealthReport } from '../../protocol/health/read-answers.ts'
import { visible } from '../cell.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { escapeInvisible } from '../json-text.ts'
import { writeLine } from '../output.ts'
import { writeTable } from '../table.ts'
import { DEFAULT_HEALTH_URL, type HealthOptions } from './command.ts'

type HealthEnvironment = Pick<CliEnvironment, 'out' | 'err' | 'isTerminal' | 'columns' | 'env'>

/** Longer than the tracker waits for its own services. */
const TIMEOUT_MS = 6000
const PATHS = { services: '/health_check', ready: '/readyz', live: '/livez' } as const

/** An answer as text: a row for each check, and a sentence if something failed. */
interface HealthSummary {
  readonly rows: readonly (readonly string[])[]
  readonly problem: string | undefined
}

/** Returns the exit code: 0 if the tracker is healthy. */
export async function askHealth(
  { url: given, question, asJson }: Omit<HealthOptions, 'configFile'>,
  { out, err, env, isTerminal, columns }: HealthEnvironment,
): Promise<number> {
  const url = questionUrl(given ?? (env['MUSTER_HEALTH_URL'] || DEFAULT_HEALTH_URL), question)
  if (url === undefined) {
    err(`The URL of the health API must look like ${DEFAULT_HEALTH_URL}.\n`)
    return 2
  }
  let text: string
  try {
    text = new TextDecoder().decode((await httpGet({ url, timeoutMs: TIMEOUT_MS, trusts: 'anyone' })).body)
  } catch (error) {
    const { explainWrongScheme } = await import('../../client/wrong-scheme.ts')
    err(`${url} does not answer: ${(await explainWrongScheme(url, error)) ?? errorMessage(error)}\n`)
    return 1
  }
  const summary = question === 'services' ? summarizeServices(text) : summarizeCondition(text)
  if (summary === undefined) {
    err(`${url} is not the health API of a tracker.\n`)
    return 1
  }
  const { rows, problem } = summary
  if (asJson) out(`${escapeInvisible(text.trimEnd())}\n`)
  else if (isTerminal && rows.length > 0) out(writeTable(['', 'Check', 'Result'], rows, columns))
  else out(rows.map(writeLine).join(''))
  if (problem === undefined) return 0
  err(`${problem}\n`)
  return 1
}

/**
 * A path in the given URL counts for services only; the other questions have fixed paths. That of a Unix domain socket
 * is followed by a colon, if by anything.
 */
function questionUrl(given: string, question: HealthOptions['question']): string | undefined {
  const [, origin] = /^(?:http:\/\/)?(unix:\/[^:\s]+)(?::\S*)?$/.exec(given) ?? []
  if (origin !== undefined) return pageUrl(`http://${origin}`, PATHS[question])
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '') return undefined
  const path = question === 'services' && url.pathname !== '/' ? url.pathname : PATHS[question]
  return `${url.origin}${path}`
}

function summarizeServices(text: string): HealthSummary | undefined {
  const report = readHealthReport(text)
  return report && { rows: report.details.map(serviceRow), problem: serviceComplaint(report) }
}

function serviceRow(service: HealthReport['details'][number]): readonly string[] {
  const { result, public_url: known } = service
  return [
    isHealthy(service) ? 'ok' : 'failed',
    `${service.service_type} ${service.service_binding}${known === undefined ? '' : ` (${known})`}`,
    'Ok' in result ? result.Ok : result.Err,
  ]
}

function serviceComplaint({ status, details }: HealthReport): string | undefined {
  if (status === 'None') return 'No service is running yet.'
  const failed = details.filter((service) => !isHealthy(service)).length
  if (status === 'Ok' && failed === 0) return undefined
  return `${failed} of ${pluralize(details.length, 'service')} failed.`
}

function summarizeCondition(text: string): HealthSummary | undefined {
  const condition = readCondition(text)
  return condition && { rows: condition.checks.map(checkRow), problem: conditionComplaint(condition) }
}

function checkRow({ status, name, message }: Condition['checks'][number]): readonly string[] {
  return [status, name, message]
}

function conditionComplaint(condition: Condition): string | undefined {
  return isPassing(condition) ? undefined : `The tracker is ${visible(condition.status)}.`
}
