// Runs a change through a port and translates its failures to the texts of API v1.

import { Refusal } from '../../../../domain/refusal.ts'
import { type FailedAction, failed, type V1Answer } from '../../../protocol/rest/v1/answers.ts'
import { asError } from '../../as-error.ts'
import type { RestContext } from '../rest-context.ts'

export interface Attempt {
  /** Names the action in a failure. */
  readonly action: FailedAction
  /** The answer when the tracker has no database. */
  readonly withoutDatabase: V1Answer
}

/**
 * `work` resolves with the answer. The client sees a refusal's message; any other error becomes "internal error".
 */
export async function attempt(
  { action, withoutDatabase }: Attempt,
  { onInternalError }: RestContext,
  work: () => Promise<V1Answer>,
): Promise<V1Answer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) {
      onInternalError(asError(error))
      return failed(action, 'internal error')
    }
    return error.code === 'no-database' ? withoutDatabase : failed(action, error.message)
  }
}
