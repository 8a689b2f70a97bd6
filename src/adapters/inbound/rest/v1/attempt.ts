// Changing something through a port, with what can go wrong put into the words of API v1.

import { Refusal } from '../../../../domain/refusal.ts'
import { type FailedAction, failed, type V1Answer } from '../../../protocol/rest/v1/answers.ts'
import { asError, type RestContext } from '../rest-context.ts'

export interface Attempt {
  /** What is said to have failed. */
  readonly action: FailedAction
  /** What is said when the tracker has no database. */
  readonly withoutDatabase: V1Answer
}

/**
 * `work` resolves with the answer. A refusal's sentence is for the client; of other faults it learns only that there
 * was one.
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
