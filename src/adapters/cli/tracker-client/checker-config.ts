// The configuration of Torrust's tracker checker: a JSON document in a file, an argument or a variable.

import { errorMessage } from '../../../domain/error-message.ts'
import { readTrackerUrl, type TrackerUrl } from '../../client/tracker-url.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { systemCodeOf } from '../input.ts'
import { TorrustFailure } from './torrust-failure.ts'

export interface CheckerConfig {
  readonly udpTrackers: readonly TrackerUrl[]
  readonly httpTrackers: readonly (readonly [url: TrackerUrl, text: string])[]
  readonly healthChecks: readonly string[]
}

const PATH_VARIABLE = 'TORRUST_CHECKER_CONFIG_PATH'
const CONTENT_VARIABLE = 'TORRUST_CHECKER_CONFIG'
const LISTS = ['udp_trackers', 'http_trackers', 'health_checks'] as const

/** Throws a `TorrustFailure`. A file counts before content. */
export async function readCheckerConfig(
  configPath: string | undefined,
  content: string | undefined,
  { env, readFile }: Pick<CliEnvironment, 'env' | 'readFile'>,
): Promise<CheckerConfig> {
  const path = configPath ?? env[PATH_VARIABLE]
  if (path !== undefined) return parse(await readConfigFile(path, readFile), path)
  const text = content ?? env[CONTENT_VARIABLE]
  if (text === undefined) throw invalid(CONTENT_VARIABLE, 'no configuration provided')
  return parse(text, CONTENT_VARIABLE)
}

async function readConfigFile(path: string, readFile: CliEnvironment['readFile']): Promise<string> {
  try {
    return await readFile(path)
  } catch (error) {
    throw invalid(path, `can't read config file ${path}: ${systemCodeOf(error) ?? errorMessage(error)}`)
  }
}

function parse(text: string, source: string): CheckerConfig {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw invalid(source, `JSON parse error: ${withoutQuote(errorMessage(error))}`)
  }
  const [udp, http, health] = LISTS.map((name) => readList(document, name, source))
  return {
    // Socket addresses are allowed too.
    udpTrackers: udp.map((entry) => readUrl(entry.startsWith('udp://') ? entry : `udp://${entry}`, source)),
    httpTrackers: http.map((entry) => [readUrl(entry, source), entry]),
    healthChecks: health.map((entry) => {
      if (URL.canParse(entry) && /^https?:/.test(entry)) return new URL(entry).href
      throw invalid(source, 'Invalid URL: a health check is an http or https URL')
    }),
  }
}

/** The message quotes the document, which may have keys in URLs. */
function withoutQuote(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON/s, ' in JSON')
}

function readList(document: unknown, name: (typeof LISTS)[number], source: string): readonly string[] {
  const isObject = typeof document === 'object' && document !== null
  const list: unknown =
    isObject && Object.hasOwn(document, name) ? (document as Record<string, unknown>)[name] : undefined
  if (list === undefined) throw invalid(source, `JSON parse error: missing field \`${name}\``)
  if (!Array.isArray(list) || !list.every((entry) => typeof entry === 'string')) {
    throw invalid(source, `JSON parse error: \`${name}\` must be a list of texts`)
  }
  return list
}

function readUrl(text: string, source: string): TrackerUrl {
  try {
    return readTrackerUrl(text)
  } catch (error) {
    throw invalid(source, `Invalid URL: ${errorMessage(error)}`)
  }
}

function invalid(source: string, message: string): TorrustFailure {
  return new TorrustFailure({ kind: 'invalid_configuration', source, message }, 2)
}
