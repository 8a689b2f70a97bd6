// REST v2: following one client in the log for a while. One trace at a time, which ends by itself.

import * as v from 'valibot'
import { readClientRange } from '../../client-range-text.ts'
import { json, operation } from '../operation.ts'
import { count, integerFrom, moment } from './fields.ts'

/** `2001:0db8:0000:0000:0000:0000:192.168.100.100/64`. */
const MAX_ADDRESS_LENGTH = 48
const MAX_TRACE_SECONDS = 3600
const DEFAULT_TRACE_SECONDS = 300
const MAX_TRACE_LINES = 10_000
const DEFAULT_TRACE_LINES = 1000

const ADDRESS_FORMS = 'must be an IPv4 address, an IPv6 address, or an IPv6 /64'

export const TraceOptionsSchema = v.strictObject({
  address: v.pipe(
    v.string(ADDRESS_FORMS),
    v.maxLength(MAX_ADDRESS_LENGTH, ADDRESS_FORMS),
    v.check((text) => readClientRange(text) !== undefined, ADDRESS_FORMS),
    v.description('`192.0.2.1`, `2001:db8::1`, or `2001:db8::/64` for all of the network.'),
  ),
  seconds: v.optional(
    v.pipe(integerFrom(1, MAX_TRACE_SECONDS), v.description('The trace ends after this time.')),
    DEFAULT_TRACE_SECONDS,
  ),
  max_lines: v.optional(
    v.pipe(integerFrom(1, MAX_TRACE_LINES), v.description('The trace ends after this many lines.')),
    DEFAULT_TRACE_LINES,
  ),
})

export const TraceSchema = v.strictObject({
  address: v.string(),
  started_at: moment,
  ends_at: moment,
  max_lines: count,
  lines: v.pipe(count, v.description('Logged so far, one for each request.')),
  dropped_lines: v.pipe(count, v.description('Not logged, because there were too many in a second.')),
})

export const trace = {
  startTrace: operation({
    method: 'put',
    path: '/trace',
    tag: 'trace',
    summary: 'Log every request of one client for a while; replaces the trace that is running',
    scope: 'manage',
    body: json(TraceOptionsSchema),
    success: { 200: { description: 'The trace', content: json(TraceSchema) } },
    problems: [],
  }),
  getTrace: operation({
    method: 'get',
    path: '/trace',
    tag: 'trace',
    summary: 'Show the trace that is running',
    scope: 'read',
    success: { 200: { description: 'The trace', content: json(TraceSchema) } },
    problems: [404],
  }),
  stopTrace: operation({
    method: 'delete',
    path: '/trace',
    tag: 'trace',
    summary: 'End the trace that is running',
    scope: 'manage',
    success: { 204: { description: 'It has ended' } },
    problems: [404],
  }),
}
