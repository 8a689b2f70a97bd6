// Takes the rows of a source to the tracker, or compares them in a dry run, and reports what became of each.

import { pluralize } from '../../../domain/pluralize.ts'
import type { ApiSession } from '../api-command.ts'
import { visible } from '../cell.ts'
import { CommandFailure } from '../cli-environment.ts'
import { noteIfWithoutEffect } from '../commands/effect-notes.ts'
import { CountProgress } from '../count-progress.ts'
import { writeJson } from '../output.ts'
import { DryRun } from './dry-run.ts'
import { entryFlaw } from './entry-line.ts'
import type { ImportSink } from './import-sink.ts'
import { ImportTally } from './import-tally.ts'
import type { SourceRow } from './source-row.ts'
import { Upload } from './upload.ts'

/** Returns the exit code: 1 if a row could not be imported. */
export async function runImport(
  rows: AsyncIterable<SourceRow>,
  isDryRun: boolean,
  session: ApiSession,
): Promise<number> {
  const tally = new ImportTally()
  const sink = isDryRun ? new DryRun(session.client, tally) : new Upload(session.client, tally)
  const progress = new CountProgress(session, 'row', 'read')
  try {
    await takeAll(rows, sink, tally, progress)
  } catch (error) {
    progress.end()
    if (!tally.isEmpty) session.err(interruption(tally, isDryRun))
    throw error
  }
  progress.end()
  for (const { at, message } of tally.problems) session.err(`${visible(at)}: ${visible(message)}\n`)
  const unnamed = tally.invalid - tally.problems.length
  if (unnamed > 0) session.err(`and ${pluralize(unnamed, 'row')} more\n`)
  session.out(session.asJson ? writeJson(tally.toJson(isDryRun)) : `${tally.toLines(isDryRun).join('\n')}\n`)
  if (!isDryRun) await noteEffects(tally, session)
  return tally.invalid === 0 ? 0 : 1
}

/** The blocklist applies in every access mode. */
async function noteEffects(tally: ImportTally, session: ApiSession): Promise<void> {
  for (const target of ['whitelist', 'keys'] as const) {
    if (tally.targets.has(target)) await noteIfWithoutEffect(target, session)
  }
}

async function takeAll(
  rows: AsyncIterable<SourceRow>,
  sink: ImportSink,
  tally: ImportTally,
  progress: CountProgress,
): Promise<void> {
  let count = 0
  try {
    for await (const row of rows) {
      progress.show(++count)
      if (row.kind === 'bad') tally.noteBad(row)
      else if (row.kind === 'left-out') tally.noteLeftOut(row.reason)
      else {
        const flaw = entryFlaw(row)
        if (flaw === undefined) await sink.add(row)
        else tally.noteBad({ at: row.at, message: flaw })
      }
    }
  } catch (error) {
    // The source has failed, not the tracker: what it has yielded before is good.
    if (error instanceof CommandFailure) await sink.flush()
    throw error
  }
  await sink.flush()
}

function interruption(tally: ImportTally, isDryRun: boolean): string {
  const lines = tally.toLines(isDryRun).join('; ')
  return `Interrupted. Until then: ${lines}. ${isDryRun ? '' : 'It is safe to repeat the import.'}\n`
}
