// What Muster knows about rows of Torrust's tables: a text and the time of adding, in a table of its own beside each.
// A note belongs to an id and its content: where Torrust has reused an id, the old note does not count.

import { type RawBuilder, sql } from 'kysely'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase, NoteTable } from './tables.ts'

type NotesName = 'muster_key_notes' | 'muster_whitelist_notes'

/** A row of Torrust's, by its id; `subject` is its key or info hash. */
export interface NotedRow {
  readonly id: number
  readonly subject: string
}

export interface RowNote extends NotedRow {
  readonly note: string | undefined
  /** Seconds since 1970; undefined: unknown, because Torrust added the row. */
  readonly addedAtSeconds: number | undefined
}

export class RowNotes {
  readonly #table: NotesName
  readonly #dialect: SqlDialect

  constructor(table: NotesName, dialect: SqlDialect) {
    this.#table = table
    this.#dialect = dialect
  }

  /** By the ids of the rows. `page`: they are in ascending order and have few others between them. */
  async of(db: KyselyDatabase, rows: readonly NotedRow[], page?: 'page'): Promise<ReadonlyMap<number, RowNote>> {
    const [first, last] = [rows.at(0), rows.at(-1)]
    if (first === undefined || last === undefined) return new Map()
    const query = db.selectFrom(this.#table).select(['id', 'subject', 'note', 'added_at'])
    const found = await (page === undefined
      ? query.where('id', 'in', idsOf(rows))
      : query.where('id', '>=', first.id).where('id', '<=', last.id)
    ).execute()
    const subjects = new Map(rows.map(({ id, subject }) => [id, subject]))
    return new Map(
      found.map(readNote).flatMap((note) => (subjects.get(note.id) === note.subject ? [[note.id, note]] : [])),
    )
  }

  /** Replaces those that these ids have. */
  async put(db: KyselyDatabase, notes: readonly RowNote[]): Promise<void> {
    if (notes.length === 0) return
    await db
      .insertInto(this.#table)
      .values(
        notes.map(({ id, subject, note = null, addedAtSeconds = null }) => ({
          id,
          subject,
          note,
          added_at: addedAtSeconds,
        })),
      )
      .modifyEnd(this.#dialect.replacing('subject', 'note', 'added_at'))
      .execute()
  }

  async remove(db: KyselyDatabase, rows: readonly Pick<NotedRow, 'id'>[]): Promise<void> {
    if (rows.length > 0) await db.deleteFrom(this.#table).where('id', 'in', idsOf(rows)).execute()
  }

  /** A subquery of the ids whose note contains `part`; ASCII letters match in either case. */
  idsContaining(part: string): RawBuilder<number> {
    const pattern = `%${part.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`
    return sql<number>`(select id from ${sql.table(this.#table)} where lower(note) like ${pattern} escape '!')`
  }
}

function idsOf(rows: readonly Pick<NotedRow, 'id'>[]): readonly number[] {
  return rows.map(({ id }) => id)
}

function readNote({ id, subject, note, added_at }: NoteTable): RowNote {
  return {
    id: Number(id),
    subject,
    note: note ?? undefined,
    addedAtSeconds: added_at === null ? undefined : Number(added_at),
  }
}
