// The lists of chihaya's torrent approval hook, and of MoChi's, from a configuration in YAML or JSON. A document may
// also be the options of the hook alone.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { type CliEnvironment, CommandFailure } from '../cli-environment.ts'
import { readWholeInput } from '../input.ts'
import type { ListedRow, SourceRow } from './source-row.ts'

const HOOK = 'torrent approval'
/** 300,000 hashes. chihaya reads its whole configuration into memory too. */
const MAX_BYTES = 16 * 1024 * 1024

type ListName = ListedRow['list']

export async function* chihayaRows(
  path: string,
  reason: string | undefined,
  environment: CliEnvironment,
): AsyncGenerator<SourceRow> {
  const lines = new LineCounter()
  const document = parse(new TextDecoder().decode(await readWholeInput(path, MAX_BYTES, environment)), lines, path)
  const hooks = optionsOfHooks(document)
  let lists = 0
  for (const options of hooks) {
    for (const [list, items] of listsOf(options, document)) {
      lists++
      for (const item of items) {
        const node = resolved(item, document)
        const at = `line ${lines.linePos(nodeStart(item)).line}`
        // The text, because a hash without a letter would be a number.
        const text = isScalar(node) ? (node.source ?? String(node.value)) : undefined
        if (text === undefined) yield { kind: 'bad', at, message: 'is not an info hash' }
        else yield { kind: 'torrent', at, list, infoHash: text, reason }
      }
    }
  }
  if (lists === 0)
    throw new CommandFailure(`${path} has no "${HOOK}" hook with a whitelist, a blacklist or a hash_list.`)
}

function parse(text: string, lineCounter: LineCounter, path: string): Document.Parsed {
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error === undefined) return document
  // Its message may quote the document, which may have secrets.
  throw new CommandFailure(`${path} is not YAML: ${error.code} in line ${lineCounter.linePos(error.pos[0]).line}.`)
}

/** Of all hooks of that name, or the document itself. */
function optionsOfHooks(document: Document.Parsed): readonly YAMLMap[] {
  const found: YAMLMap[] = []
  visit(document, {
    Map: (_, map) => {
      if (map.get('name') !== HOOK) return undefined
      const options = resolved(map.get('options', true), document)
      if (isMap(options)) found.push(options)
      return visit.SKIP
    },
  })
  if (found.length > 0) return found
  return isMap(document.contents) ? [document.contents] : []
}

function* listsOf(options: YAMLMap, document: Document.Parsed): Generator<readonly [ListName, readonly unknown[]]> {
  const itemsOf = (map: YAMLMap, key: string): readonly unknown[] | undefined => {
    const list = resolved(map.get(key, true), document)
    return isSeq(list) ? list.items : undefined
  }
  const whitelist = itemsOf(options, 'whitelist')
  if (whitelist !== undefined) yield ['whitelist', whitelist]
  const blacklist = itemsOf(options, 'blacklist')
  if (blacklist !== undefined) yield ['blocklist', blacklist]
  // MoChi has one list, which `invert` makes a blacklist.
  const configuration = resolved(options.get('configuration', true), document)
  const map = isMap(configuration) ? configuration : options
  const hashes = itemsOf(map, 'hash_list')
  if (hashes !== undefined) yield [map.get('invert') === true ? 'blocklist' : 'whitelist', hashes]
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function nodeStart(node: unknown): number {
  return isNode(node) && node.range ? node.range[0] : 0
}
