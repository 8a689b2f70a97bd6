// Finds the address and the token of the management API: options first, then the tracker's document if one is named,
// then the environment, then the defaults of a tracker on this machine.

import type { Command } from 'commander'
import { type ApiAddress, type CliEnvironment, CommandFailure, USAGE_ERROR } from './cli-environment.ts'

/** Options of every API command. */
export interface ConnectionOptions {
  /** The tracker's document. */
  readonly config?: string
  readonly url?: string
  readonly token?: string
  readonly tokenFile?: string
  /** As given on the command line. */
  readonly timeout: string
  readonly json?: boolean
}

export interface Connection {
  readonly url: string
  readonly token: string
  /** Where the token was found, for messages. */
  readonly tokenSource: string
  readonly timeoutMs: number
}

interface FoundToken {
  readonly token: string
  readonly tokenSource: string
}

const DEFAULT_URL = 'http://127.0.0.1:1212'
/** Where a tracker without a configured token stores the one it generates. */
const DEFAULT_TOKEN_FILE = './storage/tracker/lib/api-token'
const TOKEN_SOURCES = '--token-file, MUSTER_API_TOKEN or MUSTER_API_TOKEN_FILE'

export function addConnectionOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', "the tracker's document: its [http_api] has the address and the token")
    .option('--url <url>', `URL of the management API (default: MUSTER_API_URL, else ${DEFAULT_URL})`)
    .option(
      '--token-file <file>',
      'file whose only line is the token (default: MUSTER_API_TOKEN, MUSTER_API_TOKEN_FILE,\nelse ' +
        DEFAULT_TOKEN_FILE +
        ')',
    )
    .option('--token <token>', 'the token itself; other users of this machine can see it while the command runs')
    .option('--timeout <seconds>', 'time to wait for the answer to begin', '30')
    .option('--json', 'print JSON')
}

/** Throws a `CommandFailure` that says what to do. */
export async function findConnection(options: ConnectionOptions, environment: CliEnvironment): Promise<Connection> {
  const seconds = Number(options.timeout)
  if (!(seconds > 0 && seconds <= 86_400)) throw usageFailure('--timeout must be a number of seconds, such as 30.')
  const configured = options.config === undefined ? undefined : await environment.locateApi(options.config)
  const url = findUrl(options, environment, configured)
  return { url, timeoutMs: seconds * 1000, ...(await findToken(options, environment, configured)) }
}

function findUrl(options: ConnectionOptions, { env }: CliEnvironment, configured: ApiAddress | undefined): string {
  const given = options.url ?? configured?.url ?? (env['MUSTER_API_URL'] || DEFAULT_URL)
  const url = URL.canParse(given) ? new URL(given) : undefined
  // /api is accepted, since users may copy the address of the API itself.
  const isPlain =
    url !== undefined &&
    url.username === '' &&
    url.search === '' &&
    /^\/(?:api\/)?$/.test(`${url.pathname}/`.replace(/\/+$/, '/'))
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw usageFailure(`The URL of the API must be scheme, host and port only, such as ${DEFAULT_URL}.`)
  }
  return url.origin
}

async function findToken(
  options: ConnectionOptions,
  { env, readFile }: CliEnvironment,
  configured: ApiAddress | undefined,
): Promise<FoundToken> {
  if (options.token !== undefined) return checkToken(options.token, '--token')
  const isOpen = options.tokenFile === undefined
  if (isOpen && configured?.token !== undefined) return checkToken(configured.token, options.config ?? '')
  const variable = env['MUSTER_API_TOKEN']
  if (isOpen && configured === undefined && variable) return checkToken(variable, 'MUSTER_API_TOKEN')
  const named = options.tokenFile ?? configured?.tokenFile ?? (env['MUSTER_API_TOKEN_FILE'] || undefined)
  const path = named ?? DEFAULT_TOKEN_FILE
  let text: string
  try {
    text = await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new CommandFailure(
      named === undefined
        ? `No token found: ${path} cannot be read${code}. Provide one with ${TOKEN_SOURCES}.`
        : `The token file ${path} cannot be read${code}.`,
    )
  }
  return checkToken(text, path)
}

/** Rejects what a header cannot carry. */
function checkToken(text: string, tokenSource: string): FoundToken {
  const token = text.trim()
  if (/^[\x21-\x7e]+$/.test(token)) return { token, tokenSource }
  const flaw = token === '' ? 'it is empty' : 'it must be one word of ASCII characters'
  throw new CommandFailure(`${tokenSource} does not contain a token: ${flaw}.`)
}

function usageFailure(sentence: string): CommandFailure {
  return new CommandFailure(sentence, USAGE_ERROR)
}
