// Bodies and line imports of the management API: every answer is in the contract, none is an internal error, and a
// problem repeats no value of the request (SEC-24, SEC-33). The first byte chooses the operation.

import { V2_ROOT } from '../../../src/adapters/protocol/rest/v2/contract.ts'
import { type AppCall, anApp } from '../../adapters/inbound/rest/rest-fixture.ts'
import { type FuzzTarget, hold, same, withControls } from '../target.ts'

/** In the seeds as value, name and text. */
const CANARY = 'canaryCANARY'
const HASH = '040b6b563f5c7214a6b798ad43c3c92e402400b9'
const KEY = '0123456789abcdefABCDEF9876543210'

interface Call {
  readonly method: string
  /** The body is part of the query instead. */
  readonly isQuery?: boolean
  readonly path: string
  readonly type: string
  readonly seeds: readonly string[]
}

const JSON_BODY = 'application/json'
const LINES = 'application/x-ndjson'

const CALLS: readonly Call[] = [
  {
    method: 'POST',
    path: `${V2_ROOT}/whitelist`,
    type: JSON_BODY,
    seeds: [`{"info_hash":"${HASH}","reason":"${CANARY}"}`, `{"${CANARY}":1}`, `[${'['.repeat(20)}`],
  },
  {
    method: 'POST',
    path: `${V2_ROOT}/whitelist/import`,
    type: LINES,
    seeds: [`${HASH}\n{"info_hash":"${CANARY}"}\r\n"x"\n`],
  },
  { method: 'POST', path: `${V2_ROOT}/blocklist/import`, type: LINES, seeds: [`magnet:?xt=urn:btih:${HASH}\n\n{"a`] },
  {
    method: 'POST',
    path: `${V2_ROOT}/keys`,
    type: JSON_BODY,
    seeds: [
      `{"key":"${KEY}","label":"${CANARY}","expires_at":"2030-01-01T00:00:00Z"}`,
      '{"lifetime_seconds":60}',
      '{}',
    ],
  },
  {
    method: 'POST',
    path: `${V2_ROOT}/keys/lookup`,
    type: JSON_BODY,
    seeds: [`{"key":"${KEY}"}`, `{"key":"${CANARY}"}`],
  },
  { method: 'POST', path: `${V2_ROOT}/keys/import`, type: LINES, seeds: [`${KEY}\n{"key":"${KEY}","label":"a"}\n`] },
  {
    method: 'PUT',
    path: `${V2_ROOT}/trace`,
    type: JSON_BODY,
    seeds: ['{"client":"192.0.2.1","seconds":60}', '{"client":"x"}'],
  },
  {
    method: 'GET',
    isQuery: true,
    path: `${V2_ROOT}/torrents`,
    type: JSON_BODY,
    seeds: ['limit=10&sort=seeders', `cursor=${CANARY}`, `info_hash=${HASH}&${CANARY}=1`],
  },
  { method: 'GET', isQuery: true, path: `${V2_ROOT}/keys`, type: JSON_BODY, seeds: ['limit=1001', 'cursor=AAAA'] },
  {
    method: 'POST',
    path: '/api/v1/keys',
    type: JSON_BODY,
    seeds: [`{"key":"${KEY}","seconds_valid":7200}`, '{"key":null}'],
  },
  {
    method: 'GET',
    isQuery: true,
    path: '/api/v1/torrents',
    type: JSON_BODY,
    seeds: ['offset=0&limit=10', `info_hash=${HASH}`, 'limit=-1', 'offset=%F0%9F'],
  },
]

/** In pieces of 7 bytes, so that characters and lines are cut. */
function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.slice(at, at + 7))
      at += 7
    },
  })
}

/** What node:http lets through in a target. */
function asQuery(bytes: Uint8Array): string {
  return Buffer.from(bytes.map((byte) => (byte <= 0x20 || byte >= 0x7f || byte === 0x23 ? 0x2b : byte))).toString(
    'latin1',
  )
}

async function check(input: Uint8Array): Promise<void> {
  const { method, isQuery, path, type } = CALLS[(input[0] ?? 0) % CALLS.length] as Call
  const rest = input.subarray(1)
  const { ask, faults } = anApp()
  const call: AppCall = isQuery
    ? { method }
    : { method, headers: { 'content-type': type }, ...(rest.length === 0 ? {} : { body: inPieces(rest) }) }
  const response = await ask(isQuery ? `${path}?${asQuery(rest)}` : path, call)
  same(faults.map(String), [], 'internal errors')
  // API v1 answers as Torrust does, with status 500 for what is wrong with a request, and repeats it.
  if (!path.startsWith(V2_ROOT)) return
  hold(response.status < 500, `status ${response.status}`)
  if (response.status < 400) return
  // Only the names of fields, so that they can be found.
  const problem = JSON.stringify(await response.json(), (name, value) => (name === 'path' ? '' : value))
  hold(!problem.includes(CANARY), 'a problem repeats no value of the request')
}

export function openManagement(): FuzzTarget {
  const seeds = CALLS.flatMap(({ seeds: texts }, index) =>
    texts.map((text) => withControls([index], Buffer.from(text))),
  )
  return {
    seeds: [...seeds, ...CALLS.map((_, index) => Uint8Array.of(index))],
    dictionary: [
      ...[
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\n',
        '\r\n',
        'null',
        '-1',
        '1e999',
        '\\ud800',
        '\xff',
        '\xc3',
        HASH,
        KEY,
        CANARY,
      ],
      ...['"info_hash":', '"key":', '"label":', '"expires_at":', '"__proto__":', '&limit=', '&cursor=', '%00', '%'],
    ],
    maxBytes: 4096,
    check,
  }
}
