// Parts that are not ports of the application: only src/config uses them.

import type { IdErrors } from '../../adapters/inbound/udp/id-errors.ts'
import type { ThreadVitals } from '../../adapters/outbound/metrics/thread-vitals.ts'
import type { BanKeeper } from '../../application/access/ban-keeper.ts'
import type { KeyExpiry } from '../../application/access/key-expiry.ts'
import type { KeyRing } from '../../application/access/key-ring.ts'
import type { TorrentListKeeper } from '../../application/access/torrent-list-keeper.ts'
import type { ClientTracing } from '../../application/client-tracing.ts'
import type { EventBus } from '../../application/event-bus.ts'
import type { FactCollector } from '../../application/fact-collector.ts'
import type { BanTable } from '../../domain/access/ban-table.ts'
import type { KeyTable } from '../../domain/access/key-table.ts'
import type { TorrentMarks } from '../../domain/access/torrent-marks.ts'
import type { AttackMode } from '../../domain/attack-mode.ts'
import type { AnnouncePace } from '../../domain/pacing/announce-pace.ts'
import { port } from '../../domain/ports/port.ts'
import type { SwarmRegistry } from '../../domain/swarm/swarm-registry.ts'

/** The state of the thread. */
export const VitalsPart = port<ThreadVitals>('ThreadVitals')
export const SwarmsPart = port<SwarmRegistry>('SwarmRegistry')
/** Of the thread. */
export const PacePart = port<AnnouncePace>('AnnouncePace')
export const AttackPart = port<AttackMode>('AttackMode')
export const MarksPart = port<TorrentMarks>('TorrentMarks')
export const BanTablePart = port<BanTable>('BanTable')
/** Of the UDP threads, which write it, and of the main thread. */
export const IdErrorsPart = port<IdErrors>('IdErrors')
export const KeyTablePart = port<KeyTable>('KeyTable')
export const EventBusPart = port<EventBus>('EventBus')
export const FactCollectorPart = port<FactCollector>('FactCollector')
export const ClientTracingPart = port<ClientTracing>('ClientTracing')
export const Expiry = port<KeyExpiry>('KeyExpiry')
/** The keepers of lists, bans and keys if there is a database: they can load what it holds. */
export const WhitelistPart = port<TorrentListKeeper>('TorrentListKeeper, whitelist')
export const BlocklistPart = port<TorrentListKeeper>('TorrentListKeeper, blocklist')
export const BansPart = port<BanKeeper>('BanKeeper')
export const AccessKeyRing = port<KeyRing>('KeyRing')
