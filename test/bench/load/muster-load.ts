// Runs `muster load` on the core of the load, from source, and returns its report.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { infoHashTexts } from '../../../src/adapters/load/identities.ts'
import type { LoadReport } from '../../../src/adapters/load/load-report.ts'
import { ROOT } from '../../e2e/tracker-process.ts'
import { LOAD_CORES, pinnedTo, runToEnd } from '../processes.ts'

const MAIN = join(ROOT, 'src/config/main.ts')

/** The seed of its populations, unless `--seed` names another. */
const SEED = 1

export async function musterLoad(url: string, options: readonly string[]): Promise<LoadReport> {
  const transport = url.slice(0, url.indexOf(':'))
  const words = [process.execPath, MAIN, 'load', transport, url, '--format', 'json', ...options]
  const { code, output } = await runToEnd([...pinnedTo(LOAD_CORES), ...words])
  // A fill that is not complete ends with 1 too, but is reported.
  if (output === '') throw new Error(`${words.join(' ')} ended with ${code}`)
  return JSON.parse(output)
}

/** Writes the info hashes of a population's torrents to a file, for a tracker with a whitelist. */
export function writeLoadHashes(torrents: number, file: string): void {
  writeFileSync(file, [...infoHashTexts(torrents, SEED)].join(''))
}

/** The info hashes of the least popular torrents: most of them have no peer. */
export function lonelyHashes(torrents: number, count: number): readonly Uint8Array[] {
  const texts = [...infoHashTexts(torrents, SEED)].join('').trimEnd().split('\n')
  return texts.slice(-count).map((text) => Buffer.from(text, 'hex'))
}
