// Every figure of `GET stats` and every metric of a running tracker: after an action, the figure changes.

import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceDatagram, connectDatagram, scrapeDatagram } from '../fixtures/udp-datagrams.ts'
import { API_TOKEN, aDocument, SQLITE } from './documents.ts'
import { get } from './http-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const POLL_MS = 50
const MAX_MS = 40_000

/** Sums over all labels but those named: `name` or `name{label="value"}`. */
type Reading = ReadonlyMap<string, number>

async function ask(tracker: TrackerProcess, path: string): Promise<string> {
  const response = await fetch(`${tracker.api}${path}`, { headers: { Authorization: `Bearer ${API_TOKEN}` } })
  if (response.status !== 200) throw new Error(`${response.status} to ${path}`)
  return response.text()
}

/** Every sample, by its name with labels and by its name alone. */
function readSamples(text: string): Reading {
  const samples = new Map<string, number>()
  const add = (name: string, value: number) => samples.set(name, (samples.get(name) ?? 0) + value)
  for (const line of text.split('\n')) {
    const match = /^([a-z_0-9]+)(\{.*\})? (\S+)$/.exec(line)
    if (match === null) continue
    const [, name = '', labels = '', value] = match
    add(name, Number(value))
    for (const [label] of labels.matchAll(/[a-z_]+="[^"]*"/g)) add(`${name}{${label}}`, Number(value))
  }
  return samples
}

const SOURCES = {
  stats: '/api/v1/stats?format=prometheus',
  v1: '/api/v1/metrics?format=prometheus',
  own: '/api/v2/metrics',
} as const

/** Resolves once all of `names` have grown, and calls `retry` until then; rejects with those that have not. */
async function moved(
  tracker: TrackerProcess,
  path: string,
  names: readonly string[],
  before: Reading,
  retry = poll,
): Promise<void> {
  const end = Date.now() + MAX_MS
  for (;;) {
    const now = readSamples(await ask(tracker, path))
    const still = names.filter((name) => !((now.get(name) ?? 0) > (before.get(name) ?? 0)))
    if (still.length === 0) return
    if (Date.now() > end) throw new Error(`did not move: ${still.join(', ')}`)
    await retry()
  }
}

async function poll(): Promise<void> {
  await new Promise((wake) => setTimeout(wake, POLL_MS))
}

const TIMES = 8
/** Counts the requests of every fourth batch only: requests sent in a rhythm of four batches may always miss it. */
const TIMED = 'udp_tracker_server_performance_avg_processed_requests_total'

interface World {
  readonly tracker: TrackerProcess
  readonly udp4: UdpClient
  readonly udp6: UdpClient
}

const seeder = { left: 0n }
const leecher = { left: 1000n }
/** Makes each client a different one. */
let port = 10_000

function announceOver(client: 'udp4' | 'udp6', fields: object) {
  return async (world: World) => {
    for (let n = 0; n < TIMES; n++) {
      await world[client].announce({ infoHash: anInfoHash(), peerId: peerId(), port: port++, ...fields })
    }
  }
}

function peerId(): string {
  return `-qB4650-${randomBytes(6).toString('hex')}`
}

/** Several announces of the same client on one torrent. */
function sayInTurn(...turns: readonly object[]) {
  return async ({ udp4 }: World) => {
    const who = { infoHash: anInfoHash(), peerId: peerId(), port: port++ }
    for (const turn of turns) await udp4.announce({ ...who, ...turn })
  }
}

function wrongId(client: 'udp4' | 'udp6') {
  return async (world: World) => {
    await world[client].exchange(announceDatagram(randomBytes(8), { infoHash: anInfoHash() }))
    await world[client].exchange(scrapeDatagram(randomBytes(8), [anInfoHash()]))
  }
}

/** Does the same again, after a batch of one datagram that shifts the rhythm, on either client in turn. */
function outOfStep(run: Row['run'], world: World): () => Promise<void> {
  let attempts = 0
  return async () => {
    await (attempts++ % 2 === 0 ? world.udp4 : world.udp6).send(Buffer.from('short'))
    await poll()
    await run(world)
  }
}

function overHttp(host: '127.0.0.1' | '[::1]', path: 'announce' | 'scrape') {
  return async ({ tracker }: World) => {
    const url = tracker.http.find((text) => text.includes(host)) ?? ''
    const hash = [...anInfoHash()].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    const query = path === 'scrape' ? '' : `&peer_id=-TR4050-abcdefghijkl&port=${port++}&left=1&uploaded=0&downloaded=0`
    await get(url, `/${path}?info_hash=${hash}${query}`)
  }
}

/** An ordinary socket cannot send from port 0; a datagram that is too short is discarded as well. */
async function shortDatagram({ tracker }: World) {
  const url = new URL(tracker.udp[0] ?? '')
  const socket = createSocket('udp4')
  await new Promise<void>((sent) => socket.send('short', Number(url.port), url.hostname, () => sent()))
  socket.close()
}

function udp(family: 4 | 6, kind: string): string[] {
  return [
    `udp_tracker_core_requests_received_total{request_kind="${kind}"}`,
    `udp_tracker_server_requests_accepted_total{request_kind="${kind}"}`,
    `udp_tracker_server_requests_received_total{client_address_ip_family="inet${family === 6 ? '6' : ''}"}`,
    `udp_tracker_server_responses_sent_total{request_kind="${kind}"}`,
    'udp_tracker_server_responses_sent_total{result="ok"}',
    `${TIMED}{request_kind="${kind}"}`,
  ]
}

const SWARM = 'swarm_coordination_registry'

interface Row {
  readonly does: string
  readonly run: (world: World) => Promise<void>
  readonly stats: readonly string[]
  readonly v1: readonly string[]
  readonly own?: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    does: 'leechers announce over UDP and IPv4',
    run: announceOver('udp4', leecher),
    stats: [
      'torrents',
      'leechers',
      'udp4_requests',
      'udp4_connections_handled',
      'udp4_announces_handled',
      'udp4_responses',
    ],
    v1: [
      ...udp(4, 'announce'),
      ...udp(4, 'connect'),
      `${SWARM}_torrents_total`,
      `${SWARM}_torrents_added_total`,
      `${SWARM}_peers_added_total{peer_role="leecher"}`,
      `${SWARM}_peer_connections_total{peer_role="leecher"}`,
    ],
    own: [
      'muster_udp_datagrams_received_total{family="ipv4"}',
      'muster_udp_requests_total{kind="announce"}',
      'muster_udp_requests_total{kind="connect"}',
      'muster_udp_replies_sent_total{family="ipv4"}',
      'muster_udp_bytes_total{direction="received"}',
      'muster_udp_bytes_total{direction="sent"}',
      'muster_udp_handling_seconds_count',
      'muster_udp_batch_datagrams_count',
      'muster_announces_served_total',
      'muster_torrents',
      'muster_torrent_events_total{event="added"}',
      'muster_peer_events_total{event="added"}',
    ],
  },
  {
    does: 'seeders announce over UDP and IPv6',
    run: announceOver('udp6', seeder),
    stats: ['seeders', 'udp6_requests', 'udp6_connections_handled', 'udp6_announces_handled', 'udp6_responses'],
    v1: [
      ...udp(6, 'announce'),
      ...udp(6, 'connect'),
      `${SWARM}_peers_added_total{peer_role="seeder"}`,
      `${SWARM}_peer_connections_total{peer_role="seeder"}`,
    ],
    own: ['muster_udp_requests_total{family="ipv6"}'],
  },
  {
    does: 'a client scrapes over UDP and IPv4',
    run: async ({ udp4 }) => {
      for (let n = 0; n < TIMES; n++) await udp4.scrape(anInfoHash())
    },
    stats: ['udp4_scrapes_handled'],
    v1: udp(4, 'scrape'),
    own: ['muster_udp_requests_total{kind="scrape"}'],
  },
  {
    does: 'a client scrapes over UDP and IPv6',
    run: async ({ udp6 }) => {
      for (let n = 0; n < TIMES; n++) await udp6.scrape(anInfoHash())
    },
    stats: ['udp6_scrapes_handled'],
    v1: udp(6, 'scrape'),
  },
  {
    does: 'a client uses the connection id of another over IPv4',
    run: wrongId('udp4'),
    stats: ['udp4_errors_handled'],
    v1: [
      'udp_tracker_server_connection_id_errors_total',
      'udp_tracker_server_errors_total{request_kind="announce"}',
      'udp_tracker_server_errors_total{request_kind="scrape"}',
      'udp_tracker_server_responses_sent_total{result="error"}',
    ],
    own: [
      'muster_udp_errors_total{kind="announce"}',
      'muster_udp_errors_total{kind="scrape"}',
      'muster_udp_rejects_total{reason="connection_id"}',
    ],
  },
  {
    does: 'the same over IPv6',
    run: wrongId('udp6'),
    stats: ['udp6_errors_handled'],
    v1: ['udp_tracker_server_errors_total{client_address_ip_family="inet6"}'],
  },
  {
    does: 'a datagram is too short',
    run: shortDatagram,
    stats: ['udp_requests_discarded'],
    v1: ['udp_tracker_server_requests_discarded_total'],
    own: ['muster_udp_rejects_total{reason="too_short"}'],
  },
  {
    does: 'a datagram only resembles a connect request',
    run: async ({ udp4 }) => {
      await udp4.exchange(connectDatagram(1, randomBytes(8)))
    },
    stats: ['udp_requests_discarded'],
    v1: ['udp_tracker_server_requests_discarded_total'],
    own: ['muster_udp_rejects_total{reason="magic"}'],
  },
  {
    does: 'a client announces over HTTP and IPv4',
    run: overHttp('127.0.0.1', 'announce'),
    stats: ['tcp4_connections_handled', 'tcp4_announces_handled'],
    v1: ['http_tracker_core_requests_received_total{request_kind="announce"}'],
    own: [
      'muster_http_requests_total',
      'muster_http_tracker_requests_total{kind="announce"}',
      'muster_http_announce_seconds_count',
      'muster_http_sent_bytes_total',
    ],
  },
  {
    does: 'a client announces over HTTP and IPv6',
    run: overHttp('[::1]', 'announce'),
    stats: ['tcp6_connections_handled', 'tcp6_announces_handled'],
    v1: ['http_tracker_core_requests_received_total{client_address_ip_family="inet6"}'],
    own: ['muster_http_tracker_requests_total{family="ipv6"}'],
  },
  {
    does: 'a client scrapes over HTTP and IPv4',
    run: overHttp('127.0.0.1', 'scrape'),
    stats: ['tcp4_scrapes_handled'],
    v1: ['http_tracker_core_requests_received_total{request_kind="scrape"}'],
    own: ['muster_http_tracker_requests_total{kind="scrape"}'],
  },
  {
    does: 'a client scrapes over HTTP and IPv6',
    run: overHttp('[::1]', 'scrape'),
    stats: ['tcp6_scrapes_handled'],
    v1: ['http_tracker_core_requests_received_total{client_address_ip_family="inet6"}'],
  },
  {
    does: 'a leecher completes its download',
    run: sayInTurn(leecher, { ...seeder, event: 1 }),
    stats: ['completed', 'completed_in_session', 'completed_persisted'],
    v1: [
      `${SWARM}_torrents_downloads_total`,
      `${SWARM}_peers_updated_total{peer_role="seeder"}`,
      'tracker_core_persistent_torrents_downloads_total',
      'tracker_core_in_session_torrents_downloads_total',
      'tracker_core_persisted_torrents_downloads_total',
    ],
    own: [
      'muster_downloads_completed_total',
      'muster_peer_events_total{event="updated"}',
      'muster_store_query_seconds_count',
    ],
  },
  {
    does: 'a seeder starts over as a leecher',
    run: sayInTurn(seeder, leecher),
    stats: [],
    v1: [`${SWARM}_peers_completed_state_reverted_total`, `${SWARM}_peers_updated_total{peer_role="leecher"}`],
    own: ['muster_seeders_reverted_total'],
  },
  {
    does: 'a seeder and a leecher leave, and the torrent is empty',
    run: async (world) => {
      await sayInTurn(seeder, { ...seeder, event: 3 })(world)
      await sayInTurn(leecher, { ...leecher, event: 3 })(world)
    },
    stats: [],
    v1: [
      `${SWARM}_torrents_removed_total`,
      `${SWARM}_peers_removed_total{peer_role="seeder"}`,
      `${SWARM}_peers_removed_total{peer_role="leecher"}`,
    ],
    own: ['muster_torrent_events_total{event="removed"}', 'muster_peer_events_total{event="removed"}'],
  },
  {
    does: 'peers of both families and roles announce once and expire',
    run: async (world) => {
      await announceOver('udp4', leecher)(world)
      await announceOver('udp6', seeder)(world)
      await overHttp('127.0.0.1', 'announce')(world)
    },
    stats: [],
    v1: [`${SWARM}_peers_inactive_total`, `${SWARM}_torrents_inactive_total`],
    own: [
      'muster_peers_inactive',
      'muster_torrents_inactive',
      'muster_peers{family="ipv6"}',
      'muster_peers{family="ipv4"}',
      'muster_peers{role="seeder"}',
      'muster_peers{role="leecher"}',
      'muster_peers_by_client{client="qBittorrent"}',
      'muster_peers_by_client{client="Transmission"}',
    ],
  },
  {
    does: 'an administrator sends requests, with and without a token',
    run: async ({ tracker }) => {
      await fetch(`${tracker.api}/api/v2/stats`)
    },
    stats: [],
    v1: [],
    own: [
      'muster_rest_requests_total',
      'muster_rest_authentication_failures_total',
      'muster_rest_request_seconds_count',
    ],
  },
  {
    does: 'the tracker keeps running',
    run: async () => {},
    stats: [],
    v1: [],
    own: ['muster_process_cpu_seconds_total', 'muster_thread_gc_seconds_count'],
  },
]

/** Figures that cannot change, and why. */
const UNMOVED: Readonly<Record<string, string>> = {
  udp_requests_aborted: 'a datagram is answered before the next one is read',
  udp_requests_banned: 'nothing is banned here',
  udp_banned_ips_total: 'nothing is banned for wrong connection ids',
  udp_tracker_server_requests_aborted_total: 'a datagram is answered before the next one is read',
  udp_tracker_server_requests_banned_total: 'nothing is banned here',
  udp_tracker_server_ips_banned_total: 'nothing is banned for wrong connection ids',
}
/** Figures of a state rather than of events: they have a value once the rows have run. */
const STANDING = [
  'completed_persisted_enabled',
  'udp_avg_connect_processing_time_ns',
  'udp_avg_announce_processing_time_ns',
  'udp_avg_scrape_processing_time_ns',
  'udp_tracker_server_performance_avg_processing_time_ns',
]

describe('figures of a running tracker', () => {
  let world: World
  beforeAll(async () => {
    const tracker = await TrackerProcess.start(
      aDocument({
        udp: ['127.0.0.1:0', '[::1]:0'],
        http: ['127.0.0.1:0', '[::1]:0'],
        hasApi: true,
        database: SQLITE,
        more: '[core.tracker_policy]\nmax_peer_timeout = 3\npersistent_torrent_completed_stat = true',
      }).replace('[core]', '[core]\ninactive_peer_cleanup_interval = 0'),
    )
    world = {
      tracker,
      udp4: await UdpClient.open(tracker.udp[0] ?? ''),
      udp6: await UdpClient.open(tracker.udp[1] ?? ''),
    }
  })
  afterAll(async () => {
    world.udp4.close()
    world.udp6.close()
    await world.tracker[Symbol.asyncDispose]()
  })

  it.each(ROWS)('change when $does', async ({ run, stats, v1, own = [] }) => {
    const { tracker } = world
    const before = await Promise.all(Object.values(SOURCES).map(async (path) => readSamples(await ask(tracker, path))))
    await run(world)
    await moved(tracker, SOURCES.stats, stats, before[0])
    const isTimed = (name: string) => name.startsWith(TIMED)
    const others = v1.filter((name) => !isTimed(name))
    await moved(tracker, SOURCES.v1, others, before[1])
    await moved(tracker, SOURCES.v1, v1.filter(isTimed), before[1], outOfStep(run, world))
    await moved(tracker, SOURCES.own, own, before[2])
  })

  it('have all changed, or cannot change for a reason', async () => {
    const isIn = (names: readonly string[], name: string) => names.some((one) => one.replace(/\{.*/, '') === name)
    for (const [path, names] of [
      [SOURCES.stats, ROWS.flatMap(({ stats }) => stats)],
      [SOURCES.v1, ROWS.flatMap(({ v1 }) => v1)],
    ] as const) {
      const samples = readSamples(await ask(world.tracker, path))
      for (const [name, value] of samples) {
        if (name.includes('{')) continue
        if (name in UNMOVED) expect([name, value]).toEqual([name, 0])
        else if (STANDING.includes(name)) expect(value).toBeGreaterThan(0)
        else expect([name, isIn(names, name)]).toEqual([name, true])
      }
    }
  })

  it('identify no client or torrent: no address, no hash, no key', async () => {
    const text = await ask(world.tracker, SOURCES.own)
    expect(text).not.toMatch(/127\.0\.0\.1|::1|[0-9a-f]{40}|qB4650/)
  })
})

describe('figures of a tracker without usage statistics', () => {
  it('stay 0 for requests, and still count what is in memory', async () => {
    const document = aDocument({ udp: ['127.0.0.1:0'], hasApi: true }).replace(
      '[core]',
      '[core]\ntracker_usage_statistics = false',
    )
    const tracker = await TrackerProcess.start(document)
    try {
      const client = await UdpClient.open(tracker.udp[0] ?? '')
      await client.announce({ infoHash: anInfoHash() })
      client.close()
      const stats = readSamples(await ask(tracker, SOURCES.stats))
      expect([...stats].filter(([name, value]) => /^(udp|tcp)/.test(name) && value !== 0)).toEqual([])
      expect(stats.get('torrents')).toBe(1)
    } finally {
      await tracker.stop()
    }
  })
})

describe('series by thread', () => {
  const threadsWith = async (httpDriver: 'plain' | 'node') => {
    await using tracker = await TrackerProcess.start(aDocument({ http: ['127.0.0.1:0'], httpDriver, hasApi: true }))
    const names = [...(await ask(tracker, SOURCES.own)).matchAll(/^muster_thread_heap_used_bytes\{thread="(.*?)"/gm)]
    return names.map(([, name]) => name)
  }

  it('exist only for threads that do', async () => {
    expect(await threadsWith('node')).toEqual(['main', 'http-1', 'http-2'])
  })

  const linuxOnly = process.platform === 'linux' ? it : it.skip
  linuxOnly('include those of the plain driver', async () => {
    expect(await threadsWith('plain')).toEqual(['main', 'http-1', 'http-2', 'http-plain-1', 'http-plain-2'])
  })
})
