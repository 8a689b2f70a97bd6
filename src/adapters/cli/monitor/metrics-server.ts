// Serves the metrics of a monitor: GET /metrics, nothing else.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorMessage } from '../../../domain/error-message.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { EXPOSITION_TYPE } from '../../protocol/exposition.ts'
import { CommandFailure } from '../cli-environment.ts'

export interface MetricsAddress {
  /** IPv6 without brackets. */
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

export interface MetricsServer {
  readonly url: string
  readonly close: () => void
}

const MAX_CONNECTIONS = 32
const TIMEOUT_MS = 5000

/** Rejects with a `CommandFailure`. */
export async function serveMetrics({ host, port }: MetricsAddress, write: () => string): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, (request, response) => {
    const isMetrics = request.method === 'GET' && request.url?.split('?')[0] === '/metrics'
    response.writeHead(isMetrics ? 200 : 404, { 'Content-Type': EXPOSITION_TYPE, 'X-Content-Type-Options': 'nosniff' })
    response.end(isMetrics ? write() : 'The metrics are at /metrics.\n')
  })
  server.maxConnections = MAX_CONNECTIONS
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw new CommandFailure(`Metrics cannot be served at ${writeHostPort(host, port)}: ${errorMessage(error)}.`)
  }
  // Of a connection that could not be accepted: the monitor goes on.
  server.on('error', () => undefined)
  const address = server.address() as AddressInfo
  return {
    url: `http://${writeHostPort(address.address, address.port)}/metrics`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
