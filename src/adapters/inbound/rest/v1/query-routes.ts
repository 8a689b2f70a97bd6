// API v1: stats, metrics and torrents, all read-only.

import type { Context } from 'hono'
import { readInfoHash } from '../../../../domain/info-hash.ts'
import { writeEndpoint } from '../../../protocol/endpoint-text.ts'
import { EXPOSITION_TYPE } from '../../../protocol/exposition.ts'
import { readTotals } from '../../../protocol/metrics/counters.ts'
import { badInfoHash, jsonAnswer, NOT_FOUND, TORRENT_NOT_KNOWN, textAnswer } from '../../../protocol/rest/v1/answers.ts'
import type { ShownFigures } from '../../../protocol/rest/v1/figures.ts'
import { writeMetricsJson, writeMetricsText } from '../../../protocol/rest/v1/metrics-writer.ts'
import { readFormat, readTorrentsQuery } from '../../../protocol/rest/v1/queries.ts'
import { writeStatsJson, writeStatsLines } from '../../../protocol/rest/v1/stats-writer.ts'
import {
  MAX_SHOWN_PEERS,
  writeTorrent,
  writeTorrentList,
  writeTorrentParts,
} from '../../../protocol/rest/v1/torrent-writer.ts'
import type { RestContext, RestEnv, RestPorts } from '../rest-context.ts'
import { queryOf, send, sendInParts } from './send.ts'

type Call = Context<RestEnv>

/** Longer lists are sent while they are being made, without their length. */
const MAX_ROWS_AT_ONCE = 4000

function figuresOf({ statistics, counters, listenerCounters, addressesWithIdErrors }: RestPorts): ShownFigures {
  return {
    ...statistics.snapshot(),
    counters: readTotals(counters),
    addressesWithIdErrors: addressesWithIdErrors(),
    listeners: listenerCounters
      .listeners()
      .filter(({ countsRequests }) => countsRequests)
      .map((listener) => ({ ...listener, counters: readTotals(listener) })),
  }
}

export function showStats({ ports }: RestContext) {
  return (call: Call): Response => {
    const format = readFormat(queryOf(call))
    if (typeof format === 'object') return send(format)
    const figures = figuresOf(ports)
    return send(format === 'json' ? jsonAnswer(writeStatsJson(figures)) : textAnswer(writeStatsLines(figures)))
  }
}

export function showMetrics({ ports }: RestContext) {
  return async (call: Call): Promise<Response> => {
    const format = readFormat(queryOf(call))
    if (typeof format === 'object') return send(format)
    const census = await ports.statistics.census()
    const figures = figuresOf(ports)
    if (format === 'prometheus')
      return send({ ...textAnswer(writeMetricsText(figures, census)), contentType: EXPOSITION_TYPE })
    return send(jsonAnswer(writeMetricsJson(figures, census, ports.wallClock.wallSeconds())))
  }
}

export function showTorrent({ ports }: RestContext) {
  return (call: Call): Response => {
    const text = call.req.param('info_hash') ?? ''
    if (text.trim() === '') return send(NOT_FOUND)
    const infoHash = readInfoHash(text)
    if (infoHash === undefined) return send(badInfoHash(text))
    const torrent = ports.torrents.torrent(infoHash, MAX_SHOWN_PEERS)
    if (torrent === undefined) return send(TORRENT_NOT_KNOWN)
    const peers = torrent.peers.map((peer) => ({ ...peer, endpoint: writeEndpoint(peer.endpoint) }))
    return send(jsonAnswer(writeTorrent(torrent, peers)))
  }
}

export function showTorrents(context: RestContext) {
  const { torrents } = context.ports
  return async (call: Call): Promise<Response> => {
    const query = readTorrentsQuery(queryOf(call))
    if ('status' in query) return send(query)
    if (query.infoHashes !== undefined) {
      return send(jsonAnswer(writeTorrentList(torrents.torrents(query.infoHashes))))
    }
    const parts = writeTorrentParts(torrents.list(query.offset, query.limit, call.env.departure))
    if (query.limit > MAX_ROWS_AT_ONCE) return sendInParts(parts, call, context)
    let body = ''
    for await (const part of parts) body += part
    return send(jsonAnswer(body))
  }
}
