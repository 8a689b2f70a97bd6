// Inputs on disk: the corpus of a target, one input a line in base64, and the inputs for which a check threw.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CORPUS = join(import.meta.dirname, 'corpus')
const FOUND = join(import.meta.dirname, 'found')
/** Longer inputs are not worth their place in the repository. */
const MAX_KEPT_BYTES = 1024

function corpusFile(name: string): string {
  return join(CORPUS, `${name}.txt`)
}

export function readCorpus(name: string): readonly Uint8Array[] {
  if (!existsSync(corpusFile(name))) return []
  const lines = readFileSync(corpusFile(name), 'latin1').split('\n').slice(0, -1)
  return lines.map((line) => new Uint8Array(Buffer.from(line, 'base64')))
}

/** Returns how many were added. */
export function addToCorpus(name: string, inputs: readonly Uint8Array[]): number {
  const short = inputs.filter(({ length }) => length > 0 && length <= MAX_KEPT_BYTES)
  if (short.length === 0) return 0
  const lines = [...readCorpus(name), ...short].map((input) => Buffer.from(input).toString('base64'))
  mkdirSync(CORPUS, { recursive: true })
  writeFileSync(corpusFile(name), [...new Set(lines)].map((line) => `${line}\n`).join(''))
  return short.length
}

/** Saves an input for which a check threw; returns its path. */
export function saveFinding(name: string, input: Uint8Array): string {
  const path = join(FOUND, `${name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`)
  mkdirSync(FOUND, { recursive: true })
  writeFileSync(path, input)
  return path
}
