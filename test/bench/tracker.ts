// Starts the tracker for benchmarks: one listener on a free port, memory for the published load, nothing that expires.

import { TrackerProcess } from '../e2e/tracker-process.ts'
import { pinnedTo } from './processes.ts'

export type Driver = 'batched' | 'dgram'

/** Access control with the whitelist and keys of an SQLite database. */
interface Access {
  readonly isListed: boolean
  readonly isPrivate: boolean
  /** Absolute path. */
  readonly database: string
}

export interface TrackerOptions {
  readonly protocol: 'udp' | 'http'
  readonly cores: string
  readonly driver?: Driver
  readonly httpDriver?: 'plain' | 'node'
  /** Believes `X-Forwarded-For` of loopback addresses. */
  readonly isBehindProxy?: boolean
  readonly threads?: number
  readonly host?: string
  /** If absent, the tracker is public and has no database. */
  readonly access?: Access
  /** Whether requests are counted and timed; default true. */
  readonly usageStatistics?: boolean
  readonly env?: NodeJS.ProcessEnv
  /** Tables and keys to append, as TOML. */
  readonly more?: string
  readonly swarmBudget?: string
}

function documentOf(options: TrackerOptions): string {
  const { protocol, driver, httpDriver, threads = 1, host = '127.0.0.1', access, usageStatistics = true } = options
  return [
    '[metadata]\nschema_version = "3.0.0"',
    '[logging]\ntrace_filter = "info"\ntrace_style = "json"',
    `[core]\nlisted = ${access?.isListed ?? false}\nprivate = ${access?.isPrivate ?? false}\ntracker_usage_statistics = ${usageStatistics}`,
    access === undefined ? '' : `[core.database]\ndriver = "sqlite3"\npath = "${access.database}"`,
    '[core.announce_policy]\nmax_peers_per_announce = 200',
    '[core.tracker_policy]\nmax_peer_timeout = 86400',
    `[memory]\nswarm_budget = "${options.swarmBudget ?? '1 GiB'}"`,
    `[threads]\n${protocol} = ${threads}${httpDriver === undefined ? '' : `\nhttp_driver = "${httpDriver}"`}`,
    driver === undefined ? '' : `[udp_tracker_server]\ndriver = "${driver}"`,
    '[http_tracker_server]\nmax_connections_per_address = 100000\nmax_requests_per_connection = 1000000000',
    `[[${protocol}_trackers]]\nbind_address = "${host.includes(':') ? `[${host}]` : host}:0"`,
    options.isBehindProxy === true ? '[http_trackers.network]\ntrusted_proxies = ["127.0.0.0/8"]' : '',
    options.more ?? '',
  ].join('\n\n')
}

export interface RunningTracker {
  readonly pid: number
  readonly host: string
  readonly port: number
  /** Of the management API; empty without one. */
  readonly api: string
  stop(): Promise<void>
}

export async function startTracker(options: TrackerOptions): Promise<RunningTracker> {
  const within = pinnedTo(options.cores)
  const tracker = await TrackerProcess.start(documentOf(options), { within, env: options.env ?? {} })
  const url = new URL(tracker[options.protocol][0] ?? '')
  return {
    pid: tracker.pid,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    api: tracker.api,
    stop: async () => {
      if (!tracker.isRunning) throw new Error(`the tracker ended unexpectedly: ${tracker.errors}`)
      await tracker.stop()
    },
  }
}
