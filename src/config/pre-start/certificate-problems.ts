// Certificates and keys of the listeners: read and paired exactly as the listeners do it.

import { readTlsPair } from '../../adapters/inbound/tls-reload.ts'
import { errorMessage } from '../../domain/error-message.ts'
import type { Settings } from '../settings/settings.ts'
import { configuredListeners } from './configured-listeners.ts'
import type { StartProblem } from './start-problem.ts'

const REMEDY = "set a matching pair of PEM files that the tracker's user can read"

export async function certificateProblems(settings: Settings): Promise<readonly StartProblem[]> {
  const problems: StartProblem[] = []
  for (const { option, tls } of configuredListeners(settings)) {
    if (tls === undefined) continue
    try {
      await readTlsPair({ certificatePath: tls.certPath, keyPath: tls.keyPath })
    } catch (error) {
      problems.push({ option: `${option}.tls_config`, message: errorMessage(error), remedy: REMEDY })
    }
  }
  return problems
}
