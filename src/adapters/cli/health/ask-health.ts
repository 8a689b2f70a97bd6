// Asks the health API and says what came of it. Containers do so every few seconds: nothing is loaded that is not needed.

import { reasonOf } from '../../../domain/reason-of.ts'
import { httpGet } from '../../client/http-get.ts'
import { type Condition, isGood } from '../../protocol/health/condition.ts'
import { type HealthReport, isHealthy } from '../../protocol/health/health-report.ts'
import { readCondition, readHealthReport } from '../../protocol/health/read-answers.ts'
import { visible, writeLine, writeTable } from '../output.ts'
import type { Surroundings } from '../surroundings.ts'
import { DEFAULT_HEALTH_URL, type HealthOptions } from './command.ts'

type HealthSurroundings = Pick<Surroundings, 'out' | 'err' | 'isTerminal' | 'env'>

/** Longer than the tracker waits for a service of its own. */
const TIMEOUT_MS = 6000
const PATHS = { services: '/health_check', ready: '/readyz', live: '/livez' } as const

/** What there is to say about an answer: a row for each thing that was looked at, and a sentence when all is not well. */
interface Verdict {
  readonly rows: readonly (readonly string[])[]
  readonly complaint: string | undefined
}

/** The exit code: 0 when the tracker is well. */
export async function askHealth(
  { url: given, question, asJson }: HealthOptions,
  { out, err, env, isTerminal }: HealthSurroundings,
): Promise<number> {
  const url = pageOf(given ?? (env['MUSTER_HEALTH_URL'] || DEFAULT_HEALTH_URL), question)
  if (url === undefined) {
    err(`The URL of the health API looks like ${DEFAULT_HEALTH_URL}.\n`)
    return 2
  }
  let text: string
  try {
    text = new TextDecoder().decode((await httpGet({ url, timeoutMs: TIMEOUT_MS, trusts: 'anybody' })).body)
  } catch (error) {
    err(`${url} does not answer: ${reasonOf(error)}\n`)
    return 1
  }
  const verdict = question === 'services' ? aboutServices(text) : aboutCondition(text)
  if (verdict === undefined) {
    err(`${url} does not answer as the health API of a tracker does.\n`)
    return 1
  }
  const { rows, complaint } = verdict
  if (asJson) out(`${text.trimEnd()}\n`)
  else if (isTerminal && rows.length > 0) out(writeTable(['', 'What', 'Answer'], rows))
  else out(rows.map(writeLine).join(''))
  if (complaint === undefined) return 0
  err(`${complaint}\n`)
  return 1
}

/** Whoever gives a path of his own means it; the other questions have their own. */
function pageOf(given: string, question: HealthOptions['question']): string | undefined {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '') return undefined
  const path = question === 'services' && url.pathname !== '/' ? url.pathname : PATHS[question]
  return `${url.origin}${path}`
}

function aboutServices(text: string): Verdict | undefined {
  const report = readHealthReport(text)
  return report && { rows: report.details.map(serviceRow), complaint: complaintAbout(report) }
}

const serviceRow = (service: HealthReport['details'][number]): readonly string[] => {
  const { result } = service
  return [
    isHealthy(service) ? 'ok' : 'failed',
    `${service.service_type} ${service.service_binding}`,
    'Ok' in result ? result.Ok : result.Err,
  ]
}

function complaintAbout({ status, details }: HealthReport): string | undefined {
  if (status === 'None') return 'No service runs yet that could be asked.'
  const failed = details.filter((service) => !isHealthy(service)).length
  if (status === 'Ok' && failed === 0) return undefined
  return `${failed} of ${details.length} ${details.length === 1 ? 'service does' : 'services do'} not answer as they should.`
}

function aboutCondition(text: string): Verdict | undefined {
  const condition = readCondition(text)
  return condition && { rows: condition.checks.map(checkRow), complaint: worryAbout(condition) }
}

const checkRow = ({ status, name, message }: Condition['checks'][number]): readonly string[] => [status, name, message]

const worryAbout = (condition: Condition): string | undefined =>
  isGood(condition) ? undefined : `The tracker is ${visible(condition.status)}.`
