// All that can be known before a start, in one list.

import type { Settings } from '../settings/settings.ts'
import { addressProblems } from './address-problems.ts'
import { certificateProblems } from './certificate-problems.ts'
import type { StartProblem } from './start-problem.ts'

/** `isBuiltIn`: the settings are the defaults, because there is no document. */
export async function startProblems(settings: Settings, isBuiltIn: boolean): Promise<readonly StartProblem[]> {
  return [...(await addressProblems(settings, isBuiltIn)), ...(await certificateProblems(settings))]
}
