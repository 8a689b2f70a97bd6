// XBT Tracker, and the sites that use its tables (xbtit and others).

import { isSet, keyOf, type SiteOptions, type SiteTable, torrentOf } from './site.ts'

/** Newer versions have `xbt_torrents` instead of `xbt_files`. */
const TORRENT_TABLES = ['xbt_files', 'xbt_torrents'] as const

export function xbtTables(options: SiteOptions): readonly SiteTable[] {
  return [...TORRENT_TABLES.map((name) => torrents(name, options)), users(options)]
}

function torrents(name: string, options: SiteOptions): SiteTable {
  return {
    name,
    entries: 'torrents',
    columns: ['info_hash'],
    optionalColumns: ['flags'],
    read: (values, at) =>
      // The site asks the tracker to delete the torrent.
      values.get('flags') === '1' ? { kind: 'left-out', reason: 'deleted torrents' } : torrentOf(values, at, options),
  }
}

function users(options: SiteOptions): SiteTable {
  return {
    name: 'xbt_users',
    entries: 'keys',
    columns: ['uid'],
    optionalColumns: ['torrent_pass', 'torrent_pass_version'],
    read: (values, at) => {
      const userId = values.get('uid') ?? ''
      const passkey = values.get('torrent_pass')
      // Passes with a version are computed anew for each torrent, from a secret of the site.
      if (!passkey && isSet(values, 'torrent_pass_version')) {
        return {
          kind: 'bad',
          at,
          message: 'its passes are computed for each torrent (torrent_pass_version), so there is no key',
        }
      }
      return keyOf(passkey, userId, at, options)
    },
  }
}
