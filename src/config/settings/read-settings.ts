// The way from files and variables to settings. Either all is well, or one SettingsError says everything that is not.

import { parse, TomlError } from 'smol-toml'
import { buildSettings } from './build-settings.ts'
import { defaultDocument } from './default-document.ts'
import { completeMandatory, schemaVersionOf } from './mandatory-options.ts'
import { applyOverrides, type Override, readOverrides } from './overrides.ts'
import { type Finding, Findings, SettingsError } from './problems.ts'
import type { Settings } from './settings.ts'
import { chooseDocument, type DocumentSource, type Surroundings } from './sources.ts'
import { startRefusals } from './start-refusals.ts'
import { Origins, translateV2 } from './translate-v2.ts'
import { copyTree, isPrefix, isTable, showPath, type Table } from './tree.ts'
import { unservedOptions } from './unserved-options.ts'
import { validateDocument } from './validate-document.ts'

export interface LoadedSettings {
  readonly settings: Settings
  readonly source: Pick<DocumentSource, 'kind' | 'name'>
  /** Environment variables that changed something. */
  readonly overriddenBy: readonly string[]
  /** Accepted, and worth a word in the start log. */
  readonly warnings: readonly string[]
  /** Asked for, and not served by this version. */
  readonly unserved: readonly string[]
  /** Not empty: the tracker must not start, and this is why. */
  readonly refusals: readonly string[]
}

interface Examination {
  readonly settings: Settings | undefined
  readonly findings: Findings
  readonly origins: Origins
  readonly overrides: readonly Override[]
}

const parseDocument = (source: DocumentSource): Table => {
  try {
    const text = source.text.replace(/^\uFEFF/, '')
    return parse(text, { integersAsBigInt: 'asNeeded', unsafeKeyBehaviour: 'throw' })
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // Below its first line the message quotes the document, secrets included.
    const [reason = ''] = error.message.split('\n')
    const message = `Failed processing the configuration: ${reason}`
    throw new SettingsError([{ source: source.name, line: error.line, column: error.column, path: '', message }])
  }
}

const examine = (document: Table, given: readonly Override[], readFile: Surroundings['readFile']): Examination => {
  const findings = new Findings()
  const overrides = applyOverrides(document, given, findings)
  const version = schemaVersionOf(document, findings)
  if (version === undefined) return { settings: undefined, findings, origins: new Origins(), overrides }
  completeMandatory(document, version, findings)
  const origins = version === '2.0.0' ? translateV2(document, findings) : new Origins()
  const valid = validateDocument(document, findings)
  const settings = valid === undefined ? undefined : buildSettings(valid, readFile, findings)
  return { settings, findings, origins, overrides }
}

/** `1234` in a variable is a number; where the document wants text (a token, say) it is tried again as text. */
const betterAsText = (first: Examination, again: (given: readonly Override[]) => Examination): Examination => {
  const { findings, origins, overrides } = first
  const isAtFault = ({ path, value }: Override) =>
    typeof value !== 'string' && findings.problems.some((problem) => isPrefix(path, origins.of(problem.path)))
  if (!overrides.some(isAtFault)) return first
  const asText = overrides.map((given) => (isAtFault(given) ? { ...given, value: given.text } : given))
  const second = again(asText)
  return second.findings.problems.length < findings.problems.length ? second : first
}

const writeWarning = ({ path, message }: Finding, origins: Origins): string =>
  `${showPath(origins.of(path))}: ${message}`

export const readSettings = async (
  configFile: string | undefined,
  surroundings: Surroundings,
): Promise<LoadedSettings> => {
  const source = chooseDocument(configFile, surroundings)
  const parsed = source.kind === 'built-in' ? defaultDocument() : parseDocument(source)
  const examineWith = (given: readonly Override[]): Examination => {
    const copy = copyTree(parsed)
    return examine(isTable(copy) ? copy : {}, given, surroundings.readFile)
  }
  const first = examineWith(readOverrides(surroundings.env))
  const { settings, findings, origins, overrides } = betterAsText(first, examineWith)

  if (settings === undefined || findings.problems.length > 0) {
    const { placeProblems } = await import('./place-problems.ts')
    throw new SettingsError(placeProblems(findings.problems, source, origins, overrides))
  }
  return {
    settings,
    source: { kind: source.kind, name: source.name },
    overriddenBy: overrides.map(({ variable }) => variable),
    warnings: [...new Set(findings.warnings.map((warning) => writeWarning(warning, origins)))],
    unserved: unservedOptions(settings),
    refusals: startRefusals(settings),
  }
}
