// What the commands of muster import are given.

import type { Lifetime } from '../arguments.ts'
import type { TorrentTarget } from './line-sources.ts'

export interface ImportOptions {
  readonly dryRun?: boolean
  readonly reason?: string
}

export interface TorrentImportOptions extends ImportOptions {
  readonly to: TorrentTarget['list']
}

export interface SiteImportOptions extends ImportOptions {
  readonly only?: 'torrents' | 'keys'
  readonly valid?: Lifetime
}

export type LineSourceName = 'opentracker' | 'list'
export type SiteName = 'xbt' | 'gazelle' | 'unit3d'

/** That has the URL of a site's database, if it is no argument. */
export const DATABASE_VARIABLE = 'MUSTER_IMPORT_DATABASE_URL'
