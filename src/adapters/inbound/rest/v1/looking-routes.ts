// API v1: stats, metrics and torrents, which change nothing.

import type { Context } from 'hono'
import { readInfoHash } from '../../../../domain/info-hash.ts'
import { EXPOSITION_TYPE } from '../../../protocol/exposition.ts'
import { badInfoHash, jsonAnswer, NOT_FOUND, TORRENT_NOT_KNOWN, textAnswer } from '../../../protocol/rest/v1/answers.ts'
import { readFormat, readTorrentsQuery } from '../../../protocol/rest/v1/queries.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { writeMetricsJson, writeMetricsText } from './metrics-writer.ts'
import { queryOf, send } from './send.ts'
import { writeStatsJson, writeStatsLines } from './stats-writer.ts'
import { MOST_PEERS, writeTorrent, writeTorrentList } from './torrent-writer.ts'

type Call = Context<RestEnv>

export const showStats =
  ({ ports }: RestContext) =>
  (call: Call): Response => {
    const format = readFormat(queryOf(call))
    if (typeof format === 'object') return send(format)
    const snapshot = ports.statistics.snapshot()
    return send(format === 'json' ? jsonAnswer(writeStatsJson(snapshot)) : textAnswer(writeStatsLines(snapshot)))
  }

export const showMetrics =
  ({ ports }: RestContext) =>
  async (call: Call): Promise<Response> => {
    const format = readFormat(queryOf(call))
    if (typeof format === 'object') return send(format)
    const census = await ports.statistics.census()
    const snapshot = ports.statistics.snapshot()
    if (format === 'prometheus')
      return send({ ...textAnswer(writeMetricsText(snapshot, census)), contentType: EXPOSITION_TYPE })
    return send(jsonAnswer(writeMetricsJson(snapshot, census, ports.clock.nowSeconds())))
  }

export const showTorrent =
  ({ ports }: RestContext) =>
  (call: Call): Response => {
    const text = call.req.param('info_hash') ?? ''
    if (text.trim() === '') return send(NOT_FOUND)
    const infoHash = readInfoHash(text)
    if (infoHash === undefined) return send(badInfoHash(text))
    const torrent = ports.torrents.torrent(infoHash, MOST_PEERS)
    return send(torrent === undefined ? TORRENT_NOT_KNOWN : jsonAnswer(writeTorrent(torrent)))
  }

export const showTorrents =
  ({ ports }: RestContext) =>
  async (call: Call): Promise<Response> => {
    const query = readTorrentsQuery(queryOf(call))
    if ('status' in query) return send(query)
    if (query.infoHashes !== undefined) {
      return send(jsonAnswer(writeTorrentList(ports.torrents.torrents(query.infoHashes))))
    }
    const rows = query.limit === 0 ? [] : await ports.torrents.page(query.offset, query.limit)
    return send(jsonAnswer(writeTorrentList(rows)))
  }
