// Gazelle and the sites derived from it, with the tables that Ocelot loads.

import { keyOf, type SiteOptions, type SiteTable, torrentOf } from './site.ts'

/** Of `Enabled`: the number of old versions, the word of newer ones. */
const ENABLED = ['1', 'enabled']

export function gazelleTables(options: SiteOptions): readonly SiteTable[] {
  return [torrents(options), users(options)]
}

function torrents(options: SiteOptions): SiteTable {
  return {
    name: 'torrents',
    entries: 'torrents',
    columns: ['info_hash'],
    optionalColumns: [],
    read: (values, at) => torrentOf(values, at, options),
  }
}

function users(options: SiteOptions): SiteTable {
  return {
    name: 'users_main',
    entries: 'keys',
    columns: ['ID', 'Enabled', 'torrent_pass'],
    optionalColumns: [],
    read: (values, at) => {
      if (!ENABLED.includes(values.get('Enabled') ?? '')) return { kind: 'left-out', reason: 'disabled users' }
      return keyOf(values.get('torrent_pass'), values.get('ID') ?? '', at, options)
    },
  }
}
