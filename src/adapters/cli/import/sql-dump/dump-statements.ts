// Follows the statements of a dump and collects the rows of the tables that are wanted: CREATE TABLE for the order of
// columns, INSERT and REPLACE for the values.

import { DumpDelimiter } from './dump-delimiter.ts'
import { RoutineBody } from './routine-body.ts'
import type { SqlTokenKind, SqlTokenTarget } from './sql-tokens.ts'

/** A row as the dump has it: one character a byte, null for NULL. What is not a constant is missing. */
export interface DumpRow {
  readonly table: string
  readonly values: ReadonlyMap<string, string | null>
  /** Of the dump. */
  readonly line: number
}

const WORDS_BEFORE_NAME = new Set(['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE', 'INTO', 'IF', 'NOT', 'EXISTS'])
/** Begin items of CREATE TABLE that are no columns. */
const NO_COLUMNS = new Set([
  'PRIMARY',
  'UNIQUE',
  'KEY',
  'INDEX',
  'CONSTRAINT',
  'FULLTEXT',
  'SPATIAL',
  'CHECK',
  'FOREIGN',
])

type Phase =
  | 'start'
  | 'create'
  | 'name'
  | 'columns'
  | 'insert-columns'
  | 'values'
  | 'row'
  | 'after-row'
  | 'body'
  | 'skip'

export class DumpStatements implements SqlTokenTarget {
  readonly #wanted: ReadonlySet<string>
  /** By table, in the order of CREATE TABLE. */
  readonly columns = new Map<string, readonly string[]>()
  /** Tables that have rows although their columns are unknown. */
  readonly unknown = new Set<string>()
  /** Complete rows that nobody has taken yet. */
  rows: DumpRow[] = []
  readonly #delimiter = new DumpDelimiter()
  readonly #body = new RoutineBody()
  #phase: Phase = 'start'
  #isInsert = false
  #table = ''
  #names: string[] = []
  #order: readonly string[] = []
  #depth = 0
  #isItemStart = false
  #values: Map<string, string | null> = new Map()
  #value: string | null | undefined
  #isHex = false
  #column = 0

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted
  }

  get isListening(): boolean {
    return this.#phase !== 'skip' || this.#delimiter.isOther
  }

  /** Whether the tokens so far end within a statement. */
  get isOpen(): boolean {
    return this.#phase !== 'start' || this.#delimiter.isOpen
  }

  token(kind: SqlTokenKind, text: string, line: number): void {
    if (this.#delimiter.takes(kind, text, line, this.#phase === 'start')) return
    if (kind === 'mark' && text === ';' && !(this.#phase === 'body' && this.#body.isOpen)) {
      if (this.#phase === 'columns') this.columns.set(this.#table, this.#names)
      this.#phase = 'start'
      return
    }
    switch (this.#phase) {
      case 'start':
        this.#start(kind, text.toUpperCase())
        break
      case 'create':
        // Views, triggers and users are created too.
        if (kind === 'word' && text.toUpperCase() === 'TABLE') this.#phase = 'name'
        else this.#beginBody(kind, text)
        break
      case 'body':
        this.#body.token(kind === 'word' ? text : '')
        break
      case 'name':
        this.#name(kind, text)
        break
      case 'columns':
        this.#tableColumns(kind, text)
        break
      case 'insert-columns':
        this.#insertColumns(kind, text)
        break
      case 'values':
        if (kind === 'mark' && text === '(') this.#beginRow()
        // VALUES ROW(...), ROW(...).
        else if (kind !== 'word' || text.toUpperCase() !== 'ROW') this.#phase = 'skip'
        break
      case 'after-row':
        // What follows the last row has brackets too: ON DUPLICATE KEY UPDATE x = VALUES(x).
        this.#phase = kind === 'mark' && text === ',' ? 'values' : 'skip'
        break
      case 'row':
        this.#row(kind, text, line)
    }
  }

  #start(kind: SqlTokenKind, word: string): void {
    this.#isInsert = word === 'INSERT' || word === 'REPLACE'
    this.#table = ''
    this.#names = []
    if (kind !== 'word') this.#phase = 'skip'
    else if (this.#isInsert) this.#phase = 'name'
    else this.#phase = word === 'CREATE' ? 'create' : 'skip'
  }

  #beginBody(kind: SqlTokenKind, text: string): void {
    this.#phase = 'body'
    this.#body.reset()
    this.#body.token(kind === 'word' ? text : '')
  }

  /** Up to the opening bracket; of `database`.`table` the last name counts. */
  #name(kind: SqlTokenKind, text: string): void {
    const word = kind === 'word' ? text.toUpperCase() : ''
    if (word === 'VALUES' || word === 'VALUE') this.#beginValues(this.columns.get(this.#table))
    else if (kind === 'mark' && text === '(') this.#beginColumns()
    else if (kind === 'name') this.#table = text
    else if (kind === 'word' && !WORDS_BEFORE_NAME.has(word)) this.#table = text.split('.').at(-1) || this.#table
  }

  #beginColumns(): void {
    if (!this.#wanted.has(this.#table)) this.#phase = 'skip'
    else if (this.#isInsert) this.#phase = 'insert-columns'
    else {
      this.#phase = 'columns'
      this.#depth = 1
      this.#isItemStart = true
    }
  }

  #tableColumns(kind: SqlTokenKind, text: string): void {
    if (kind === 'mark') {
      if (text === '(') this.#depth++
      else if (text === ')') this.#depth--
      this.#isItemStart = text === ',' && this.#depth === 1
      return
    }
    const isColumn = kind === 'name' || (kind === 'word' && !NO_COLUMNS.has(text.toUpperCase()))
    if (this.#isItemStart && isColumn) this.#names.push(text)
    this.#isItemStart = false
  }

  #insertColumns(kind: SqlTokenKind, text: string): void {
    if (kind === 'mark' && text === ')') this.#phase = 'name'
    else if (kind !== 'mark') this.#names.push(text)
  }

  #beginValues(known: readonly string[] | undefined): void {
    if (!this.#wanted.has(this.#table)) {
      this.#phase = 'skip'
      return
    }
    const order = this.#names.length > 0 ? this.#names : known
    if (order === undefined) this.unknown.add(this.#table)
    this.#order = order ?? []
    this.#phase = order === undefined ? 'skip' : 'values'
  }

  #beginRow(): void {
    this.#phase = 'row'
    this.#values = new Map()
    this.#column = 0
    this.#depth = 1
    this.#beginValue()
  }

  #beginValue(): void {
    this.#value = undefined
    this.#isHex = false
  }

  #row(kind: SqlTokenKind, text: string, line: number): void {
    if (kind === 'mark') this.#rowMark(text, line)
    else if (this.#depth > 1) return
    else if (kind === 'string') this.#value = this.#isHex ? fromHex(text) : text
    else if (kind === 'word') this.#word(text)
  }

  #rowMark(mark: string, line: number): void {
    if (mark === '(') {
      // A function call, whose value is not known.
      this.#depth++
      this.#value = undefined
    } else if (mark === ')' && this.#depth > 1) this.#depth--
    else if (mark === ',' || mark === ')') {
      if (this.#depth > 1) return
      if (this.#value !== undefined && this.#column < this.#order.length) {
        this.#values.set(this.#order[this.#column], this.#value)
      }
      this.#column++
      this.#beginValue()
      if (mark === ')') {
        this.rows.push({ table: this.#table, values: this.#values, line })
        this.#phase = 'after-row'
      }
    }
  }

  #word(text: string): void {
    if (/^x$/i.test(text)) this.#isHex = true
    else if (/^null$/i.test(text)) this.#value = null
    else if (/^0x/i.test(text)) this.#value = fromHex(text.slice(2))
    // `_binary` and the like say how the string after them is meant.
    else if (!text.startsWith('_')) this.#value = text
  }
}

function fromHex(digits: string): string {
  return Buffer.from(digits, 'hex').toString('latin1')
}
