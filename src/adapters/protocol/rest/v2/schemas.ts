// The schemas of REST v2 that have a name in its OpenAPI document.

import type { Schema } from '../operation.ts'
import { ProblemSchema } from '../problem.ts'
import { AccessSchema } from './access.ts'
import { BanEntrySchema, BanLineSchema, BanOrderSchema, BanPageSchema, BansSchema } from './bans.ts'
import { infoHash, infoHashText } from './fields.ts'
import { ImportResultSchema } from './import-result.ts'
import {
  IssuedKeySchema,
  KeyChangeSchema,
  KeyEntrySchema,
  KeyLineSchema,
  KeyOrderSchema,
  KeyPageSchema,
} from './keys.ts'
import {
  AdditionResultSchema,
  BlocklistAdditionSchema,
  BlocklistEntrySchema,
  BlocklistLineSchema,
  BlocklistPageSchema,
  WhitelistAdditionSchema,
  WhitelistEntrySchema,
  WhitelistLineSchema,
  WhitelistPageSchema,
} from './lists.ts'
import { StatisticsSchema } from './statistics.ts'
import { PeerSchema, TorrentPageSchema, TorrentRowSchema, TorrentSchema } from './torrents.ts'
import { TraceOptionsSchema, TraceSchema } from './trace.ts'

export const V2_SCHEMAS: Readonly<Record<string, Schema>> = {
  Problem: ProblemSchema,
  InfoHash: infoHash,
  InfoHashText: infoHashText,
  TorrentRow: TorrentRowSchema,
  BanEntry: BanEntrySchema,
  BanPage: BanPageSchema,
  BanOrder: BanOrderSchema,
  Bans: BansSchema,
  BanLine: BanLineSchema,
  TorrentPage: TorrentPageSchema,
  Torrent: TorrentSchema,
  Peer: PeerSchema,
  WhitelistEntry: WhitelistEntrySchema,
  WhitelistPage: WhitelistPageSchema,
  WhitelistAddition: WhitelistAdditionSchema,
  WhitelistLine: WhitelistLineSchema,
  BlocklistEntry: BlocklistEntrySchema,
  BlocklistPage: BlocklistPageSchema,
  BlocklistAddition: BlocklistAdditionSchema,
  BlocklistLine: BlocklistLineSchema,
  AdditionResult: AdditionResultSchema,
  ImportResult: ImportResultSchema,
  KeyEntry: KeyEntrySchema,
  KeyPage: KeyPageSchema,
  KeyOrder: KeyOrderSchema,
  KeyChange: KeyChangeSchema,
  KeyLine: KeyLineSchema,
  IssuedKey: IssuedKeySchema,
  Statistics: StatisticsSchema,
  Access: AccessSchema,
  TraceOptions: TraceOptionsSchema,
  Trace: TraceSchema,
}
