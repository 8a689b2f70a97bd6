// muster whitelist import and export, muster blocklist import and export: lists of any length, passed on as they come.

import type { ApiSession } from '../api-command.ts'
import { importLines } from '../import-lines.ts'
import { count, visible, writeJson, writeJsonLine } from '../output.ts'
import { CommandFailure } from '../surroundings.ts'
import type { ExportedTorrent, TorrentList } from './torrent-lists.ts'

/** How often people are told how far it is. */
const PROGRESS_EVERY_MS = 200

export const importList = async (
  list: TorrentList,
  path: string,
  reason: string | undefined,
  session: ApiSession,
): Promise<number> => {
  const progress = new Progress(session)
  const kind = { hasReasons: list.hasReasons, reason }
  const lines = importLines(readable(session.openInput(path), path), kind, (sent) => progress.tell(sent))
  let fault: unknown
  const result = await list
    .import(
      session.client,
      remembering(lines, (error) => {
        fault = error
      }),
    )
    // What is wrong with the file would look like a fault of the connection that it is sent over.
    .catch((error: unknown) => {
      throw fault ?? error
    })
    .finally(() => progress.end())
  const { added, present, invalid, problems } = result
  for (const { line, message } of problems) session.err(`line ${line}: ${visible(message)}\n`)
  const leftOut = invalid === 0 ? '' : `, ${count(invalid, 'line')} left out`
  const sentence = `${count(added, 'torrent')} added, ${present} there before${leftOut}\n`
  session.out(session.asJson ? writeJson(result) : sentence)
  return invalid === 0 ? 0 : 1
}

export const exportList = async (list: TorrentList, isPlain: boolean, { client, out }: ApiSession): Promise<number> => {
  for await (const entry of await list.export(client)) out(isPlain ? plainLine(entry) : writeJsonLine(entry))
  return 0
}

const plainLine = ({ info_hash, reason }: ExportedTorrent): string =>
  `${info_hash}${reason === undefined ? '' : ` ${visible(reason)}`}\n`

async function* readable(file: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new CommandFailure(`${path === '-' ? 'Standard input' : path} cannot be read${why}.`)
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

/** One line of standard error, written over and over. For people only. */
class Progress {
  readonly #session: ApiSession
  #toldAt: number | undefined

  constructor(session: ApiSession) {
    this.#session = session
  }

  tell(lines: number): void {
    const now = performance.now()
    if (!this.#session.isErrTerminal || (this.#toldAt !== undefined && now - this.#toldAt < PROGRESS_EVERY_MS)) return
    this.#toldAt = now
    this.#session.err(`\r${lines.toLocaleString('en')} lines sent`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#toldAt !== undefined) this.#session.err('\r\u001b[K')
  }
}
