// Whether the tracker lives, and whether it is ready for traffic: two questions of orchestrators, which restart what
// does not live and send nobody to what is not ready.

import { type Condition, type ConditionCheck, liveness, readiness } from '../../protocol/health/condition.ts'
import type { ServiceReport } from '../../protocol/health/health-report.ts'
import { Recent } from './cached-answer.ts'
import type { RunningTracker } from './running-tracker.ts'
import type { ServiceChecks } from './service-checks.ts'

const DATABASE_LIFETIME_MS = 500
/** Shorter than the second that orchestrators wait: a database that hangs must not make the tracker look dead. */
const DATABASE_TIMEOUT_MS = 700

const STATES = {
  starting: 'listeners are not open yet, or data is still being restored',
  ready: 'every listener is open',
  stopping: 'the tracker is stopping',
} as const

export class Conditions {
  readonly #tracker: RunningTracker
  readonly #services: ServiceChecks
  readonly #database: Recent<boolean> | undefined

  constructor(tracker: RunningTracker, services: ServiceChecks) {
    this.#tracker = tracker
    this.#services = services
    const { pingDatabase: askDatabase } = tracker
    this.#database = askDatabase && new Recent(() => answers(askDatabase), DATABASE_LIFETIME_MS)
  }

  /** That this code runs shows that the event loop turns. */
  live(): Condition {
    const hasFailed = this.#tracker.hasFailed()
    return liveness([
      { name: 'event loop', status: 'ok', message: 'it turns' },
      {
        name: 'threads',
        status: hasFailed ? 'failed' : 'ok',
        message: hasFailed ? 'a thread has died' : 'none has died',
      },
    ])
  }

  async ready(): Promise<Condition> {
    const state = this.#tracker.state()
    const isUp = state === 'ready'
    const [services, database] = await Promise.all([isUp ? this.#services.reports() : [], this.#database?.get()])
    return readiness([
      { name: 'tracker', status: isUp ? 'ok' : 'failed', message: STATES[state] },
      ...services.map(serviceCheck),
      ...(database === undefined ? [] : [databaseCheck(database, isUp)]),
    ])
  }
}

function serviceCheck({ service_type, service_binding, result }: ServiceReport): ConditionCheck {
  return {
    name: `${service_type} ${service_binding}`,
    status: 'Ok' in result ? 'ok' : 'failed',
    message: 'Ok' in result ? result.Ok : result.Err,
  }
}

/**
 * What is needed of it to answer is in memory once the tracker is up. What it says when it fails may hold names:
 * nothing is told.
 */
function databaseCheck(hasAnswered: boolean, isUp: boolean): ConditionCheck {
  if (hasAnswered) return { name: 'database', status: 'ok', message: 'it answers' }
  return isUp
    ? {
        name: 'database',
        status: 'degraded',
        message: 'no answer; clients are served from memory, changes have to wait',
      }
    : { name: 'database', status: 'failed', message: 'no answer' }
}

async function answers(ask: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS)
  })
  const answered = (async () => await ask())().then(
    () => true,
    () => false,
  )
  const isThere = await Promise.race([answered, tooLate])
  clearTimeout(timer)
  return isThere
}
