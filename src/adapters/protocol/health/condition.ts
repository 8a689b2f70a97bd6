// What the health API says at `/livez` and `/readyz`: one status, and the checks it was made from.

export interface ConditionCheck {
  readonly name: string
  /** degraded: worse than it should be, and good enough for traffic. */
  readonly status: 'ok' | 'degraded' | 'failed'
  readonly message: string
}

export interface Condition {
  readonly status: 'live' | 'dying' | 'ready' | 'degraded' | 'not ready'
  readonly checks: readonly ConditionCheck[]
}

/** Whether an orchestrator may go on as it does. */
export const isPassing = ({ status }: Condition): boolean => status !== 'dying' && status !== 'not ready'

export function liveness(checks: readonly ConditionCheck[]): Condition {
  return { status: checks.some(({ status }) => status === 'failed') ? 'dying' : 'live', checks }
}

export function readiness(checks: readonly ConditionCheck[]): Condition {
  if (checks.some(({ status }) => status === 'failed')) return { status: 'not ready', checks }
  return { status: checks.some(({ status }) => status === 'degraded') ? 'degraded' : 'ready', checks }
}
