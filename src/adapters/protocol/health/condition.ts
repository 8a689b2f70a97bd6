// The answer of `/livez` and `/readyz`: a status and the checks that it is derived from.

export interface ConditionCheck {
  readonly name: string
  /** degraded: impaired, but able to serve traffic. */
  readonly status: 'ok' | 'degraded' | 'failed'
  readonly message: string
}

export interface Condition {
  readonly status: 'live' | 'dying' | 'ready' | 'degraded' | 'not ready'
  readonly checks: readonly ConditionCheck[]
}

/** Whether an orchestrator has no reason to act. */
export function isPassing({ status }: Condition): boolean {
  return status !== 'dying' && status !== 'not ready'
}

export function liveness(checks: readonly ConditionCheck[]): Condition {
  return { status: checks.some(({ status }) => status === 'failed') ? 'dying' : 'live', checks }
}

export function readiness(checks: readonly ConditionCheck[]): Condition {
  if (checks.some(({ status }) => status === 'failed')) return { status: 'not ready', checks }
  return { status: checks.some(({ status }) => status === 'degraded') ? 'degraded' : 'ready', checks }
}
