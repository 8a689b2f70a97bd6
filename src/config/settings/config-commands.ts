// The commands `muster config check` and `muster config print`. Both write to standard output; `print` reports problems
// on standard error, so that they cannot end up in a file meant for the document.

import { stringify } from 'smol-toml'
import { writeJsonText } from '../../adapters/cli/json-text.ts'
import type { ConfigOptions } from '../../adapters/cli/program.ts'
import { hangText } from '../../adapters/cli/wrap-text.ts'
import { pluralize } from '../../domain/pluralize.ts'
import type { StartProblem } from '../pre-start/start-problem.ts'
import { startProblems } from '../pre-start/start-problems.ts'
import { describeAccess } from './access-mode.ts'
import { writeBindAddress } from './bind-address.ts'
import { SettingsError, type SettingsProblem, writeSettingsProblem } from './problems.ts'
import { type LoadedSettings, readSettings } from './read-settings.ts'
import type { DatabaseSettings, HttpApiSettings, HttpListenerSettings } from './settings.ts'
import { settingsDocument } from './settings-document.ts'
import { writeSize } from './sizes.ts'
import type { SettingsEnvironment } from './sources.ts'

/** Where a command writes, in whole lines. */
export interface CommandOutput {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Text for people is wrapped to this width; undefined: it is not. */
  readonly columns?: number | undefined
}

/** Of the further lines of a problem. */
const PROBLEM_INDENT = 4

function writeJson(value: unknown): string {
  return `${writeJsonText(value, 2)}\n`
}

/** With the URL that clients know it by, if it has one. */
function writeKnownAs(address: string, { publicUrl }: Pick<HttpListenerSettings, 'publicUrl'>): string {
  return publicUrl === undefined ? address : `${address} (${publicUrl})`
}

function writeHttpAddress(listener: HttpListenerSettings | HttpApiSettings): string {
  return writeKnownAs(`http${listener.tls ? 's' : ''}://${writeBindAddress(listener)}`, listener)
}

function writeDatabase(database: DatabaseSettings): string {
  return database.driver === 'sqlite3'
    ? `sqlite3 ${database.path}`
    : `${database.driver} ${database.database} on ${writeBindAddress(database)}`
}

function summary(loaded: LoadedSettings, columns = Number.POSITIVE_INFINITY): string {
  const { settings, source } = loaded
  const udp = settings.udpListeners.map((listener) => writeKnownAs(`udp://${writeBindAddress(listener)}`, listener))
  const http = settings.httpListeners.map(writeHttpAddress)
  const { announce, memory, httpApi, database } = settings
  const lines = [
    ['', `${source.name}: no problems (schema ${settings.schemaVersion})`],
    ['  listens on  ', [...udp, ...http].join(', ')],
    ['  access      ', describeAccess(settings.access)],
    ['  interval    ', `${announce.intervalSeconds} s, at least ${announce.minIntervalSeconds} s`],
    ['  memory      ', `${writeSize(memory.swarmBudgetBytes)} for swarms`],
    ['  management  ', httpApi ? writeHttpAddress(httpApi) : 'none: no http_api'],
    ['  database    ', database ? writeDatabase(database) : 'none: nothing is stored'],
    ...loaded.overriddenBy.map((variable) => ['  override    ', variable]),
    ...loaded.warnings.map((warning) => ['warning: ', warning]),
    ...loaded.unserved.map((sentence) => ['not served: ', sentence]),
  ]
  return `${lines.map(([start, text]) => hangText(start, text, columns)).join('\n')}\n`
}

function problemList({ problems }: SettingsError, columns = Number.POSITIVE_INFINITY): string {
  const lines = problems.map((problem) => hangText('', writeSettingsProblem(problem), columns, PROBLEM_INDENT))
  return `${[...lines, pluralize(problems.length, 'problem')].join('\n')}\n`
}

/** Runs a command's body; an invalid configuration goes to `reportError`, and the exit code is 1. */
async function withSettings(
  options: ConfigOptions,
  environment: SettingsEnvironment,
  reportError: (error: SettingsError) => void,
  body: (loaded: LoadedSettings) => number | Promise<number>,
): Promise<number> {
  try {
    return await body(await readSettings(options.configFile, environment))
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    reportError(error)
    return 1
  }
}

function asSettingsProblem({ option, message, remedy }: StartProblem, source: string): SettingsProblem {
  return { source, line: undefined, column: undefined, path: option, message: `${message}; ${remedy}` }
}

/** Exit code 0 if the tracker would start with this configuration here, as far as can be known before a start. */
export function checkConfig(
  options: ConfigOptions,
  environment: SettingsEnvironment,
  output: CommandOutput,
): Promise<number> {
  const reportError = (error: SettingsError): void => {
    output.out(options.asJson ? writeJson({ ok: false, problems: error.problems }) : problemList(error, output.columns))
  }
  return withSettings(options, environment, reportError, async (loaded) => {
    const { source, warnings, unserved } = loaded
    const found = await startProblems(loaded.settings, source.kind === 'built-in')
    if (found.length > 0) throw new SettingsError(found.map((problem) => asSettingsProblem(problem, source.name)))
    const report = { ok: true, source: source.name, problems: [], warnings, unserved }
    output.out(options.asJson ? writeJson(report) : summary(loaded, output.columns))
    return 0
  })
}

/** The effective configuration, every option spelled out, secrets masked. */
export function printConfig(
  options: ConfigOptions,
  environment: SettingsEnvironment,
  output: CommandOutput,
): Promise<number> {
  return withSettings(
    options,
    environment,
    (error) => output.err(`${error.message}\n`),
    ({ settings }) => {
      const document = settingsDocument(settings)
      output.out(options.asJson ? writeJson(document) : stringify(document))
      return 0
    },
  )
}
