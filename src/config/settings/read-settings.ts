// Reads settings from files and variables. The result is either valid settings, or one SettingsError with all problems.

import { parse, TomlError } from 'smol-toml'
import { buildSettings } from './build-settings.ts'
import { defaultDocument } from './default-document.ts'
import { completeMandatory, schemaVersionOf } from './mandatory-options.ts'
import { applyOverrides, type Override, readOverrides } from './overrides.ts'
import { type DocumentIssue, DocumentIssues, SettingsError } from './problems.ts'
import type { Settings } from './settings.ts'
import { chooseDocument, type DocumentSource, type SettingsEnvironment } from './sources.ts'
import { tolerateV2 } from './tolerate-v2.ts'
import { tomlHint } from './toml-hint.ts'
import { OriginalPaths, translateV2 } from './translate-v2.ts'
import { copyTree, isPrefix, isTable, showPath, type Table } from './tree.ts'
import { unservedOptions } from './unserved-options.ts'
import { validateDocument } from './validate-document.ts'

export interface LoadedSettings {
  readonly settings: Settings
  readonly source: Pick<DocumentSource, 'kind' | 'name'>
  /** Environment variables that changed something. */
  readonly overriddenBy: readonly string[]
  /** Accepted, but worth a line in the log at start. */
  readonly warnings: readonly string[]
  /** Set, but not implemented in this version. */
  readonly unserved: readonly string[]
}

interface Interpretation {
  readonly settings: Settings | undefined
  readonly findings: DocumentIssues
  readonly origins: OriginalPaths
  readonly overrides: readonly Override[]
}

const EMPTY =
  'the document is empty, and nothing would be served: write at least [[http_trackers]] or [[udp_trackers]] on a line of its own, or start without a document for the built-in defaults'

function parseDocument(source: DocumentSource): Table {
  try {
    const text = source.text.replace(/^\uFEFF/, '')
    return parse(text, { integersAsBigInt: 'asNeeded', unsafeKeyBehaviour: 'throw' })
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // Below its first line the message quotes the document, secrets included.
    const [reason = ''] = error.message.split('\n')
    const hint = tomlHint(source.text, error)
    const message = `Failed processing the configuration: ${reason}${hint === undefined ? '' : `; ${hint}`}`
    throw new SettingsError([{ source: source.name, line: error.line, column: error.column, path: '', message }])
  }
}

function fromV2(document: Table, issues: DocumentIssues): OriginalPaths {
  completeMandatory(document, issues)
  tolerateV2(document, issues)
  return translateV2(document, issues)
}

function interpretDocument(
  document: Table,
  given: readonly Override[],
  readFile: SettingsEnvironment['readFile'],
): Interpretation {
  const issues = new DocumentIssues()
  const overrides = applyOverrides(document, given, issues)
  if (Object.keys(document).length === 0) issues.problem([], EMPTY)
  const version = schemaVersionOf(document, issues)
  if (version === undefined) return { settings: undefined, findings: issues, origins: new OriginalPaths(), overrides }
  const origins = version === '2.0.0' ? fromV2(document, issues) : new OriginalPaths()
  const valid = validateDocument(document, version, issues)
  const settings = valid === undefined ? undefined : buildSettings(valid, readFile, issues)
  return { settings, findings: issues, origins, overrides }
}

/** `1234` in a variable is a number; where the document expects text (a token, say), it is retried as text. */
function betterAsText(first: Interpretation, again: (given: readonly Override[]) => Interpretation): Interpretation {
  const { findings: issues, origins, overrides } = first
  const isAtFault = ({ path, value }: Override) =>
    typeof value !== 'string' && issues.problems.some((problem) => isPrefix(path, origins.of(problem.path)))
  if (!overrides.some(isAtFault)) return first
  const asText = overrides.map((given) => (isAtFault(given) ? { ...given, value: given.text } : given))
  const second = again(asText)
  return second.findings.problems.length < issues.problems.length ? second : first
}

function writeWarning({ path, message }: DocumentIssue, origins: OriginalPaths): string {
  return `${showPath(origins.of(path))}: ${message}`
}

export async function readSettings(
  configFile: string | undefined,
  environment: SettingsEnvironment,
): Promise<LoadedSettings> {
  const source = chooseDocument(configFile, environment)
  const parsed = source.kind === 'built-in' ? defaultDocument() : parseDocument(source)
  const interpretWith = (given: readonly Override[]): Interpretation => {
    const copy = copyTree(parsed)
    return interpretDocument(isTable(copy) ? copy : {}, given, environment.readFile)
  }
  const first = interpretWith(readOverrides(environment.env))
  const { settings, findings: issues, origins, overrides } = betterAsText(first, interpretWith)

  if (settings === undefined || issues.problems.length > 0) {
    const { placeProblems } = await import('./place-problems.ts')
    throw new SettingsError(placeProblems(issues.problems, source, origins, overrides))
  }
  return {
    settings,
    source: { kind: source.kind, name: source.name },
    overriddenBy: overrides.map(({ variable }) => variable),
    warnings: [...new Set(issues.warnings.map((warning) => writeWarning(warning, origins)))],
    unserved: unservedOptions(settings),
  }
}
