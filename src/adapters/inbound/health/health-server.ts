// The health API's listener: limited in connections and time, open from before the tracker is ready until after it has
// stopped.

import type { ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { answerClientError } from '../answer-client-error.ts'
import { ClientAddresses } from '../client-address.ts'
import { boundConnections } from '../connection-bounds.ts'
import { HostRule } from '../host-rule.ts'
import { owe } from '../owed-replies.ts'
import type { SocketFileOptions } from '../socket-file.ts'
import { createWebServer } from '../web-server.ts'
import { createHealthApp } from './health-app.ts'
import type { Probes, RunningTracker } from './running-tracker.ts'

export interface HealthListenerOptions {
  readonly host: string
  /** 0: the operating system chooses one; see the listener's address. */
  readonly port: number
  /** Instead of host and port: a Unix domain socket. */
  readonly socketFile?: SocketFileOptions | undefined
  /** Names and addresses, without ports, that requests may name besides the listener's own. */
  readonly allowedHosts: readonly string[]
  /** Whether private and loopback addresses have budgets of connections for wider prefixes too. */
  readonly limitsPrivate: boolean
}

export interface HealthListener {
  readonly address: AddressInfo
  /** Stops accepting, and closes connections still open after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** A few programs probe every few seconds. */
const BOUNDS = { maxConnections: 100, maxConnectionsPerAddress: 20 }
const UNREPORTED = { refused: () => {}, displaced: () => {} }
const IDLE_TIMEOUT_MS = 10_000
const LIMITS: ServerOptions = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  noDelay: true,
}

/** Rejects when the address is not available. `report` is called once for each internal error. */
export async function openHealthListener(
  { host, port, socketFile, allowedHosts, limitsPrivate }: HealthListenerOptions,
  tracker: RunningTracker,
  probes: Probes,
  report: (error: Error) => void,
): Promise<HealthListener> {
  const app = createHealthApp(tracker, probes, report)
  // HTTP/1.0 clients need not send a Host header.
  const listener = getRequestListener(app.fetch, { hostname: 'localhost', overrideGlobalObjects: false })
  const web = await createWebServer({ limits: LIMITS, idleTimeoutMs: IDLE_TIMEOUT_MS, failed: report })
  const { server } = web
  const bounds = { ...BOUNDS, appliesToPrivate: limitsPrivate }
  const clients = new ClientAddresses([], { isUnixSocket: socketFile !== undefined })
  const noteRequest = boundConnections(server, bounds, clients, UNREPORTED)
  const hosts = new HostRule(host, allowedHosts)
  let isDraining = false
  server.on('request', (request, response) => {
    noteRequest(response)
    owe(response)
    if (isDraining) response.setHeader('Connection', 'close')
    if (hosts.accepts(request)) void listener(request, response)
    else response.writeHead(421, { 'Content-Length': 0 }).end()
  })
  server.on('clientError', answerClientError)
  return {
    address: await web.listen(socketFile ?? { host, port }),
    close: async (deadlineMs) => {
      isDraining = true
      await web.close(deadlineMs)
    },
  }
}
