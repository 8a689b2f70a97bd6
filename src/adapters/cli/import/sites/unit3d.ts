// UNIT3D, with the rules of its own announce: approved torrents, and users who are neither deleted nor in a group that
// may not announce.

import { keyOf, type SiteOptions, type SiteTable, torrentOf } from './site.ts'

const APPROVED = '1'
const BARRED_GROUPS = ['banned', 'validating', 'disabled', 'pruned']

/** The tables remember the groups, so they are for one import. */
export function unit3dTables(options: SiteOptions): readonly SiteTable[] {
  /** Slugs by group, which come before the users in dumps too. */
  const slugs = new Map<string, string>()
  return [torrents(options), groups(slugs), users(slugs, options)]
}

function torrents(options: SiteOptions): SiteTable {
  return {
    name: 'torrents',
    entries: 'torrents',
    columns: ['info_hash', 'status'],
    optionalColumns: ['deleted_at'],
    read: (values, at) => {
      if (values.get('deleted_at')) return { kind: 'left-out', reason: 'deleted torrents' }
      if (values.get('status') !== APPROVED) return { kind: 'left-out', reason: 'torrents that are not approved' }
      return torrentOf(values, at, options)
    },
  }
}

function groups(slugs: Map<string, string>): SiteTable {
  return {
    name: 'groups',
    entries: undefined,
    columns: ['id', 'slug'],
    optionalColumns: [],
    read: (values) => {
      slugs.set(values.get('id') ?? '', values.get('slug') ?? '')
      return undefined
    },
  }
}

function users(slugs: ReadonlyMap<string, string>, options: SiteOptions): SiteTable {
  return {
    name: 'users',
    entries: 'keys',
    columns: ['id', 'passkey', 'group_id'],
    optionalColumns: ['deleted_at'],
    read: (values, at) => {
      if (values.get('deleted_at')) return { kind: 'left-out', reason: 'deleted users' }
      const slug = slugs.get(values.get('group_id') ?? '')
      // Without its group a banned user would get a key.
      if (slug === undefined)
        return {
          kind: 'bad',
          at,
          message: 'the group of the user is not known: the table groups must come before users',
        }
      if (BARRED_GROUPS.includes(slug)) return { kind: 'left-out', reason: `users of the group ${slug}` }
      return keyOf(values.get('passkey'), values.get('id') ?? '', at, options)
    },
  }
}
