// Liveness and readiness, as orchestrators ask for them: they restart a process that is not live and send no traffic to
// one that is not ready.

import { type Condition, type ConditionCheck, liveness, readiness } from '../../protocol/health/condition.ts'
import type { ServiceReport } from '../../protocol/health/health-report.ts'
import { CachedAnswer } from './cached-answer.ts'
import type { RunningTracker } from './running-tracker.ts'
import type { ServiceChecks } from './service-checks.ts'

const DATABASE_LIFETIME_MS = 500
/** Less than the one second that orchestrators wait: a hanging database must not make the tracker look dead. */
const DATABASE_TIMEOUT_MS = 700

const STATES = {
  starting: 'listeners are not open yet, or data is still being restored',
  ready: 'every listener is open',
  stopping: 'the tracker is stopping',
} as const

/** Nothing for an orchestrator to act on: another process would be under the same attack. */
const ATTACK: ConditionCheck = { name: 'attack', status: 'ok', message: 'the tracker is under attack' }

export class Conditions {
  readonly #tracker: RunningTracker
  readonly #services: ServiceChecks
  readonly #database: CachedAnswer<boolean> | undefined

  constructor(tracker: RunningTracker, services: ServiceChecks) {
    this.#tracker = tracker
    this.#services = services
    const { pingDatabase: askDatabase } = tracker
    this.#database = askDatabase && new CachedAnswer(() => answers(askDatabase), DATABASE_LIFETIME_MS)
  }

  /** The event loop is fine if this code runs at all. */
  live(): Condition {
    const hasFailed = this.#tracker.hasFailed()
    return liveness([
      { name: 'event loop', status: 'ok', message: 'it is running' },
      {
        name: 'threads',
        status: hasFailed ? 'failed' : 'ok',
        message: hasFailed ? 'a thread has died' : 'all are running',
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
      ...(this.#tracker.isUnderAttack() ? [ATTACK] : []),
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
 * Once the tracker is up, clients are served from memory and the database is not essential. Its error may contain names
 * and is not shown.
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
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS)
  })
  const answered = (async () => await ask())().then(
    () => true,
    () => false,
  )
  const hasAnswered = await Promise.race([answered, timeout])
  clearTimeout(timer)
  return hasAnswered
}
