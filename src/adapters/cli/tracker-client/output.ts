// Output of `tracker_client`: one JSON value on standard output, diagnostics as NDJSON on standard error.

import { Option } from 'commander'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeJsonText } from '../json-text.ts'

/** Torrust's text is indented JSON. */
export type OutputFormat = 'json' | 'text'

export function formatOption(): Option {
  return new Option('--format <format>', 'json, or text: indented JSON').choices(['json', 'text']).default('json')
}

export function writeResult(value: unknown, format: OutputFormat): string {
  return `${writeJsonText(value, format === 'text' ? 2 : undefined)}\n`
}

/** Prints the failure and returns the exit code. */
export function reportFailure(message: string, { err }: Pick<CliEnvironment, 'err'>): number {
  err(`${writeJsonText({ error: { kind: 'runtime_failure', source: 'runtime', message } })}\n`)
  return 1
}

/** Trackers may answer for fewer torrents than they were asked for, without saying so. */
export function warnIfTruncated(requested: number, returned: number, { err }: CliEnvironment): void {
  if (returned >= requested) return
  const message = `requested ${requested} info hashes, tracker returned ${returned}; the tracker may truncate scrapes`
  err(`${writeJsonText({ warning: { kind: 'scrape_response_truncated', requested, returned, message } })}\n`)
}
