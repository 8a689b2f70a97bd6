// Where the tracker's management API is, and with which token: options first, then the environment, then what the tracker itself
// would use on this machine.

import type { Command } from 'commander'
import { type CliEnvironment, CommandFailure, USAGE_ERROR } from './cli-environment.ts'

/** Options that every command of the API has. */
export interface ConnectionOptions {
  readonly url?: string
  readonly token?: string
  readonly tokenFile?: string
  /** As it was written. */
  readonly timeout: string
  readonly json?: boolean
}

export interface Connection {
  readonly url: string
  readonly token: string
  /** For people: where the token was found. */
  readonly tokenSource: string
  readonly timeoutMs: number
}

interface FoundToken {
  readonly token: string
  readonly tokenSource: string
}

const DEFAULT_URL = 'http://127.0.0.1:1212'
/** Where a tracker that was given no token writes the one it makes. */
const DEFAULT_TOKEN_FILE = './storage/tracker/lib/api-token'
const TOKEN_SOURCES = '--token-file, MUSTER_API_TOKEN or MUSTER_API_TOKEN_FILE'

export const addConnectionOptions = (command: Command): Command =>
  command
    .option('--url <url>', `of the management API (default: MUSTER_API_URL, else ${DEFAULT_URL})`)
    .option(
      '--token-file <file>',
      'file whose only line is the token (default: MUSTER_API_TOKEN, MUSTER_API_TOKEN_FILE,\nelse ' +
        DEFAULT_TOKEN_FILE +
        ')',
    )
    .option('--token <token>', 'the token itself; other users of this machine can see it while the command runs')
    .option('--timeout <seconds>', 'how long to wait for an answer to begin', '30')
    .option('--json', 'print JSON')

/** Fails with a sentence that says what to do. */
export const findConnection = async (options: ConnectionOptions, environment: CliEnvironment): Promise<Connection> => {
  const seconds = Number(options.timeout)
  if (!(seconds > 0 && seconds <= 86_400)) throw usageFailure('--timeout takes a number of seconds, such as 30.')
  const url = findUrl(options, environment)
  return { url, timeoutMs: seconds * 1000, ...(await findToken(options, environment)) }
}

const findUrl = (options: ConnectionOptions, { env }: CliEnvironment): string => {
  const given = options.url ?? (env['MUSTER_API_URL'] || DEFAULT_URL)
  const url = URL.canParse(given) ? new URL(given) : undefined
  // Those who copy the address of the API itself mean the same.
  const isPlain =
    url !== undefined &&
    url.username === '' &&
    url.search === '' &&
    /^\/(?:api\/)?$/.test(`${url.pathname}/`.replace(/\/+$/, '/'))
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw usageFailure(`The URL of the API looks like ${DEFAULT_URL}: scheme, host and port, and nothing more.`)
  }
  return url.origin
}

const findToken = async (options: ConnectionOptions, { env, readFile }: CliEnvironment): Promise<FoundToken> => {
  if (options.token !== undefined) return checkToken(options.token, '--token')
  const variable = env['MUSTER_API_TOKEN']
  if (options.tokenFile === undefined && variable) return checkToken(variable, 'MUSTER_API_TOKEN')
  const named = options.tokenFile ?? (env['MUSTER_API_TOKEN_FILE'] || undefined)
  const path = named ?? DEFAULT_TOKEN_FILE
  let text: string
  try {
    text = await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new CommandFailure(
      named === undefined
        ? `There is no token: ${path} cannot be read${code}. Name one by ${TOKEN_SOURCES}.`
        : `The token file ${path} cannot be read${code}.`,
    )
  }
  return checkToken(text, path)
}

/** What cannot stand in a header can be no token. */
const checkToken = (text: string, tokenSource: string): FoundToken => {
  const token = text.trim()
  if (/^[\x21-\x7e]+$/.test(token)) return { token, tokenSource }
  const flaw = token === '' ? 'there is nothing in it' : 'it must be one word of ASCII characters'
  throw new CommandFailure(`What ${tokenSource} holds is no token: ${flaw}.`)
}

const usageFailure = (sentence: string): CommandFailure => new CommandFailure(sentence, USAGE_ERROR)
