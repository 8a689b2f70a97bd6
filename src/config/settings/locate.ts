// Finds where an option is in a TOML text. Loaded only when there is a problem to report.

import { type AST, ParseError, parseTOML } from 'toml-eslint-parser'
import { MAX_DEPTH, type Path, pathKey } from './tree.ts'

/** Both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

interface Spot {
  readonly key: Place
  readonly value: Place
}

/** Finds the positions of options in one document. */
export class Locator {
  readonly #places = new Map<string, Spot>()

  constructor(text: string) {
    try {
      for (const part of parseTOML(text).body[0].body) {
        if (part.type === 'TOMLKeyValue') this.#addPair([], part)
        else this.#addTable(part)
      }
    } catch (error) {
      // The main parser has accepted the text; where the two disagree, problems are reported without a place.
      if (!(error instanceof ParseError)) throw error
    }
  }

  /** The place of the option, or of the nearest enclosing table that is in the text. */
  find(path: Path, at: 'key' | 'value'): Place | undefined {
    const spot = this.#places.get(pathKey(path))
    if (spot !== undefined) return spot[at]
    return path.length === 0 ? undefined : this.find(path.slice(0, -1), 'key')
  }

  has(path: Path): boolean {
    return this.#places.has(pathKey(path))
  }

  #addTable(table: AST.TOMLTable): void {
    const start = placeOf(table.key)
    for (let length = 1; length <= table.resolvedKey.length; length++) {
      this.#add(table.resolvedKey.slice(0, length), { key: start, value: start })
    }
    for (const pair of table.body) this.#addPair(table.resolvedKey, pair)
  }

  #addPair(base: Path, pair: AST.TOMLKeyValue): void {
    let path = base
    if (base.length + pair.key.keys.length > MAX_DEPTH) return
    for (const key of pair.key.keys) {
      path = [...path, key.type === 'TOMLBare' ? key.name : key.value]
      this.#add(path, { key: placeOf(key), value: placeOf(pair.value) })
    }
    this.#addContent(path, pair.value)
  }

  #addContent(path: Path, content: AST.TOMLContentNode): void {
    if (content.type === 'TOMLInlineTable') for (const pair of content.body) this.#addPair(path, pair)
    if (content.type !== 'TOMLArray') return
    for (const [index, element] of content.elements.entries()) {
      this.#add([...path, index], { key: placeOf(element), value: placeOf(element) })
      this.#addContent([...path, index], element)
    }
  }

  #add(path: Path, spot: Spot): void {
    const key = pathKey(path)
    if (!this.#places.has(key)) this.#places.set(key, spot)
  }
}

function placeOf(node: AST.TOMLNode): Place {
  return { line: node.loc.start.line, column: node.loc.start.column + 1 }
}
