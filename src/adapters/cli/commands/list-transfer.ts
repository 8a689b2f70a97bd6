// muster whitelist import and export, muster blocklist import and export: lists of any length, streamed.

import type { ApiSession } from '../api-command.ts'
import { CommandFailure } from '../cli-environment.ts'
import { importLines } from '../import-lines.ts'
import { pluralize, visible, writeJson, writeJsonLine } from '../output.ts'
import type { ExportedTorrent, TorrentList } from './torrent-lists.ts'

/** How often progress is shown. */
const PROGRESS_EVERY_MS = 200

export async function importList(
  list: TorrentList,
  path: string,
  reason: string | undefined,
  session: ApiSession,
): Promise<number> {
  const progress = new Progress(session)
  const kind = { hasReasons: list.hasReasons, reason }
  const lines = importLines(readable(session.openInput(path), path), kind, (sent) => progress.show(sent))
  let inputError: unknown
  const result = await list
    .import(
      session.client,
      remembering(lines, (error) => {
        inputError = error
      }),
    )
    // An error of the file would otherwise look like an error of the connection.
    .catch((error: unknown) => {
      throw inputError ?? error
    })
    .finally(() => progress.clear())
  const { added, present, invalid, problems } = result
  for (const { line, message } of problems) session.err(`line ${line}: ${visible(message)}\n`)
  const skipped = invalid === 0 ? '' : `, ${pluralize(invalid, 'line')} skipped`
  const sentence = `${pluralize(added, 'torrent')} added, ${present} already listed${skipped}\n`
  session.out(session.asJson ? writeJson(result) : sentence)
  return invalid === 0 ? 0 : 1
}

export async function exportList(list: TorrentList, isPlain: boolean, { client, out }: ApiSession): Promise<number> {
  for await (const entry of await list.export(client)) out(isPlain ? plainLine(entry) : writeJsonLine(entry))
  return 0
}

function plainLine({ info_hash, reason }: ExportedTorrent): string {
  return `${info_hash}${reason === undefined ? '' : ` ${visible(reason)}`}\n`
}

async function* readable(file: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new CommandFailure(`${path === '-' ? 'Standard input' : path} cannot be read${code}.`)
  }
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

/** One line on standard error that is overwritten. On a terminal only. */
class Progress {
  readonly #session: ApiSession
  #writtenAt: number | undefined

  constructor(session: ApiSession) {
    this.#session = session
  }

  show(lines: number): void {
    const now = performance.now()
    if (!this.#session.isErrTerminal || (this.#writtenAt !== undefined && now - this.#writtenAt < PROGRESS_EVERY_MS))
      return
    this.#writtenAt = now
    this.#session.err(`\r${lines.toLocaleString('en')} lines sent`)
  }

  /** Removes the line. */
  clear(): void {
    if (this.#writtenAt !== undefined) this.#session.err('\r\u001b[K')
  }
}
