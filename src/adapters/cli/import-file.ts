// Streams a file to an import of the management API, and reports what became of it, even when it was interrupted.

import { pluralize } from '../../domain/pluralize.ts'
import { ClientError } from '../client/client-error.ts'
import type { V2Result } from '../protocol/rest/v2/contract.ts'
import type { ApiSession } from './api-command.ts'
import { visible } from './cell.ts'
import { CountProgress } from './count-progress.ts'
import { readInput } from './input.ts'
import { writeJson } from './output.ts'

export interface FileImport {
  /** What a line stands for: `torrent`. */
  readonly noun: string
  /** Turns the file into the lines of the API; `progress` receives the number of lines so far. */
  readonly convert: (input: AsyncIterable<Uint8Array>, progress: (lines: number) => void) => AsyncGenerator<Uint8Array>
  readonly send: (body: AsyncIterable<Uint8Array>) => Promise<V2Result<'importWhitelist'>>
}

/** Returns the exit code: 1 if a line was skipped. */
export async function importFile(path: string, { noun, convert, send }: FileImport, session: ApiSession) {
  const progress = new CountProgress(session)
  const lines = convert(readInput(path, session), (sent) => progress.show(sent))
  let inputError: unknown
  const body = remembering(lines, (error) => {
    inputError = error
  })
  const result = await send(body)
    .finally(() => progress.end())
    .catch((error: unknown) => {
      // An error of the file would otherwise look like an error of the connection.
      if (inputError === undefined) session.err(`${outcomeOf(error, noun)}\n`)
      throw inputError ?? error
    })
  for (const { line, message } of result.problems) session.err(`line ${line}: ${visible(message)}\n`)
  session.out(session.asJson ? writeJson(result) : `${summary(result, noun)}\n`)
  return result.invalid === 0 ? 0 : 1
}

function summary(
  { added, present, invalid }: Pick<V2Result<'importWhitelist'>, 'added' | 'present' | 'invalid'>,
  noun: string,
) {
  const skipped = invalid === 0 ? '' : `, ${pluralize(invalid, 'line')} skipped`
  return `${pluralize(added, noun)} added, ${present} already listed${skipped}`
}

/** How much of an import that failed has taken effect. */
function outcomeOf(error: unknown, noun: string): string {
  if (!(error instanceof ClientError) || error.kind !== 'api') return 'Some lines may have been imported.'
  const progress = error.problem?.progress
  if (progress === undefined || progress.lines === 0) return 'Nothing was imported.'
  return `Of the first ${pluralize(progress.lines, 'line')}: ${summary(progress, noun)}.`
}

async function* remembering(
  pieces: AsyncIterable<Uint8Array>,
  remember: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces
  } catch (error) {
    remember(error)
    throw error
  }
}
