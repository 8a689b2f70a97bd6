// The tables as Kysely types. The first four are Torrust's, with its names and columns; the others are ours.

import type { Generated, Kysely } from 'kysely'

/** Whitelist and blocklist in one type, so that one class serves both; the whitelist has only the first two columns. */
export interface ListTable {
  readonly id: Generated<number>
  readonly info_hash: string
  readonly reason: Generated<string | null>
  /** Seconds since 1970. */
  readonly added_at: Generated<number>
}

/** Beside a table of Torrust's: see row-notes.ts. */
export interface NoteTable {
  readonly id: number
  readonly subject: string
  readonly note: string | null
  /** Seconds since 1970. */
  readonly added_at: number | null
}

export interface BanRows {
  readonly id: Generated<number>
  /** As people read it: `192.0.2.0/24`. */
  readonly network: string
  /** The same for programs: hex digits and length, `c0000200/24`. */
  readonly prefix: string
  readonly reason: string | null
  /** Seconds since 1970. */
  readonly expires_at: number | null
  readonly added_at: number
}

export interface Tables {
  readonly whitelist: ListTable
  readonly torrents: { readonly id: Generated<number>; readonly info_hash: string; readonly completed: number }
  readonly keys: { readonly id: Generated<number>; readonly key: string; readonly valid_until: number | null }
  readonly torrent_aggregate_metrics: {
    readonly id: Generated<number>
    readonly metric_name: string
    readonly value: number
  }
  readonly blocklist: ListTable
  /** One row, with id 1. */
  readonly muster_flushes: { readonly id: number; readonly last_batch: number }
  readonly muster_key_notes: NoteTable
  readonly muster_whitelist_notes: NoteTable
  readonly muster_bans: BanRows
}

export type KyselyDatabase = Kysely<Tables>

/** Required columns, by table; Torrust's first. */
export const TORRUST_COLUMNS = {
  whitelist: ['id', 'info_hash'],
  torrents: ['id', 'info_hash', 'completed'],
  keys: ['id', 'key', 'valid_until'],
  torrent_aggregate_metrics: ['id', 'metric_name', 'value'],
} as const

export const OWN_COLUMNS = {
  blocklist: ['id', 'info_hash', 'reason', 'added_at'],
  muster_flushes: ['id', 'last_batch'],
  muster_key_notes: ['id', 'subject', 'note', 'added_at'],
  muster_whitelist_notes: ['id', 'subject', 'note', 'added_at'],
  muster_bans: ['id', 'network', 'prefix', 'reason', 'expires_at', 'added_at'],
} as const

export const MIGRATION_TABLE = 'muster_migrations'
export const MIGRATION_LOCK_TABLE = 'muster_migrations_lock'
/** The row of `torrent_aggregate_metrics` with the total of completed downloads. */
export const TOTAL_METRIC = 'torrents_downloads_total'
