// All targets by name.

import type { FuzzSubject } from './target.ts'
import { openAddresses } from './targets/addresses.ts'
import { openBencode } from './targets/bencode.ts'
import { openConnectionIds } from './targets/connection-ids.ts'
import { openDatagrams } from './targets/datagrams.ts'
import { openHttpRequests } from './targets/http-requests.ts'
import { openImports } from './targets/imports.ts'
import { openListeners } from './targets/listeners.ts'
import { openManagement } from './targets/management.ts'
import { openPlainHeads } from './targets/plain-heads.ts'
import { openSettings } from './targets/settings.ts'
import { openSnapshots } from './targets/snapshots.ts'
import { openTexts } from './targets/texts.ts'

export const SUBJECTS: Readonly<Record<string, FuzzSubject>> = {
  datagrams: { summary: 'UDP gate and handler: every action, truncations, BEP 41 options', open: openDatagrams },
  'connection-ids': { summary: 'issue and check of UDP connection ids', open: openConnectionIds },
  'http-requests': { summary: 'targets, paths, keys, percent escapes and queries over HTTP', open: openHttpRequests },
  'plain-heads': { summary: 'heads that the plain HTTP driver answers itself, against llhttp', open: openPlainHeads },
  addresses: { summary: 'addresses, client ranges, X-Forwarded-For', open: openAddresses },
  bencode: { summary: 'replies of trackers, as the client reads them', open: openBencode },
  imports: { summary: 'torrent files and dumps of databases', open: openImports },
  snapshots: { summary: 'snapshot files and what is loaded from them', open: openSnapshots },
  management: { summary: 'bodies, imports and queries of the management API', open: openManagement },
  settings: { summary: 'configuration documents and overrides', open: openSettings },
  listeners: { summary: 'a running tracker over real sockets: UDP, HTTP, management and health', open: openListeners },
  texts: { summary: 'durations, sizes, info hashes, database URLs, log filters, JSON', open: openTexts },
}
