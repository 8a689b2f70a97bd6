// How the tables of a site are read, whether they come from its database server or from a dump.

import type { SourceRow } from '../source-row.ts'

export interface SiteOptions {
  /** When keys end; null: never. None of the sites has an expiry. */
  readonly validUntil: string | null
  /** Of the whitelist's new entries. */
  readonly reason: string | undefined
}

/** Values by column, one character a byte. */
export type SiteValues = ReadonlyMap<string, string | null>

export interface SiteTable {
  readonly name: string
  /** Undefined: only needed to read another table. */
  readonly entries: 'torrents' | 'keys' | undefined
  /** Without these the table is another site's. */
  readonly columns: readonly string[]
  /** Of some versions of the site. */
  readonly optionalColumns: readonly string[]
  /** Undefined: the row matters only for later ones. */
  readonly read: (values: SiteValues, at: string) => SourceRow | undefined
}

/** Whether a flag or a count is not 0. Missing and NULL are 0. */
export function isSet(values: SiteValues, column: string): boolean {
  const value = values.get(column)
  return value !== undefined && value !== null && value !== '' && value !== '0'
}

/** A torrent for the whitelist, from an `info_hash` of 20 bytes, or of 40 hex digits. */
export function torrentOf(values: SiteValues, at: string, { reason }: SiteOptions): SourceRow {
  const value = values.get('info_hash') ?? ''
  const infoHash = value.length === 20 ? Buffer.from(value, 'latin1').toString('hex') : value
  if (!/^[0-9a-f]{40}$/i.test(infoHash))
    return { kind: 'bad', at, message: 'info_hash has neither 20 bytes nor 40 hex digits' }
  return { kind: 'torrent', at, list: 'whitelist', infoHash, reason }
}

/** A key for the user of this number. The name of the user is not taken over. */
export function keyOf(passkey: string | null | undefined, userId: string, at: string, options: SiteOptions): SourceRow {
  if (!passkey) return { kind: 'left-out', reason: 'users without a passkey' }
  if (!/^[0-9A-Za-z]{32}$/.test(passkey)) {
    return {
      kind: 'bad',
      at,
      message: `the passkey does not fit: it has ${passkey.length} characters, and keys have 32 letters and digits`,
    }
  }
  return { kind: 'key', at, key: passkey, validUntil: options.validUntil, label: `user ${userId}` }
}
