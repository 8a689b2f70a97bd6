// Administration of lists, keys and bans when the tracker runs without a database: a message about what is missing.

import type { BanAdmin } from '../../domain/ports/inbound/ban-admin.ts'
import type { KeyAdmin } from '../../domain/ports/inbound/key-admin.ts'
import type { TorrentListAdmin } from '../../domain/ports/inbound/torrent-list-admin.ts'
import { Refusal } from '../../domain/refusal.ts'

async function refuse(): Promise<never> {
  throw new Refusal('no-database', 'the tracker runs without a database: configure one in [core.database] and restart')
}

export const LIST_WITHOUT_DATABASE: TorrentListAdmin = {
  isAvailable: false,
  add: refuse,
  remove: refuse,
  find: refuse,
  page: refuse,
  count: refuse,
  reload: refuse,
}

export const BANS_WITHOUT_DATABASE: BanAdmin = {
  isAvailable: false,
  put: refuse,
  lift: refuse,
  find: refuse,
  covering: refuse,
  page: refuse,
  count: refuse,
  reload: refuse,
}

export const KEYS_WITHOUT_DATABASE: KeyAdmin = {
  isAvailable: false,
  issue: refuse,
  add: refuse,
  addAll: refuse,
  revoke: refuse,
  extend: refuse,
  relabel: refuse,
  find: refuse,
  page: refuse,
  count: refuse,
  reload: refuse,
}
