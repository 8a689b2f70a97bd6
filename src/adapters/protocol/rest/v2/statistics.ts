// REST v2: statistics of the whole tracker. Only totals: no address, hash or key of anyone (protocol rule SEC-35).

import * as v from 'valibot'
import { EXPOSITION_TYPE } from '../../exposition.ts'
import { json, operation } from '../operation.ts'
import { count, moment } from './fields.ts'

export const StatisticsSchema = v.strictObject({
  version: v.string(),
  started_at: moment,
  uptime_seconds: count,
  torrents: count,
  seeders: count,
  leechers: count,
  ipv4_peers: count,
  ipv6_peers: count,
  completed: v.pipe(count, v.description('Completed downloads: of all runs if they are persisted, else of this run.')),
  completed_this_run: count,
  completed_persisted: v.pipe(v.nullable(count), v.description('Null if completed downloads are not persisted.')),
  swarm_memory: v.pipe(
    v.strictObject({ used_bytes: count, budget_bytes: count }),
    v.description('Memory for torrents and their peers.'),
  ),
  under_attack: v.pipe(v.boolean(), v.description('Whether the mode for attacks is on.')),
  counters: v.pipe(v.record(v.string(), count), v.description('Event counts since the tracker started, by name.')),
})

export const statistics = {
  getStatistics: operation({
    method: 'get',
    path: '/stats',
    tag: 'stats',
    summary: 'Counts of torrents, peers and events',
    scope: 'read',
    success: { 200: { description: 'The figures', content: json(StatisticsSchema) } },
    problems: [],
  }),
  getMetrics: operation({
    method: 'get',
    path: '/metrics',
    tag: 'stats',
    summary: 'All metrics for Prometheus',
    scope: 'read',
    success: {
      200: { description: 'Text exposition format', content: { type: EXPOSITION_TYPE, schema: v.string() } },
    },
    problems: [],
  }),
}
