// Handles the requests of a listener: announces and scrapes here, everything else in the app. The checks are in the
// order of protocol rule HTTP-28: method, path, address, then the query.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'
import { Route } from '../../protocol/announce-path.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import { Histogram } from '../../protocol/metrics/measurements.ts'
import type { AnnounceEndpoint } from './announce-endpoint.ts'
import type { ClientAddresses } from './client-address.ts'
import { joinedHeader, readTraits, Trait } from './raw-headers.ts'

/** Index of the length in the two header lists below, which are updated and reused for each reply. */
const LENGTH_AT = 3
const GZIP_FROM_BYTES = 1024
const ACCEPTS_GZIP = /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)/i

function headers(): string[] {
  return [
    'Content-Type',
    'text/plain',
    'Content-Length',
    '0',
    'X-Content-Type-Options',
    'nosniff',
    'Cache-Control',
    'no-store',
  ]
}

/** Where a listener counts and measures; both belong to its thread. */
export interface HttpDependencies {
  readonly counters: Counters
  readonly measurements: Measurements
}

export class TrackerRequests {
  readonly #endpoint: AnnounceEndpoint
  readonly #clients: ClientAddresses
  readonly #counters: Counters
  readonly #measurements: Measurements
  readonly #app: RequestListener
  readonly #keptHeaders = headers()
  readonly #lastHeaders = [...headers(), 'Connection', 'close']
  #isDraining = false

  constructor(
    endpoint: AnnounceEndpoint,
    clients: ClientAddresses,
    dependencies: HttpDependencies,
    app: RequestListener,
  ) {
    this.#endpoint = endpoint
    this.#clients = clients
    this.#counters = dependencies.counters
    this.#measurements = dependencies.measurements
    this.#app = app
  }

  /** Makes every further reply the last of its connection. */
  drain(): void {
    this.#isDraining = true
  }

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const beganAt = this.#measurements.isOn ? performance.now() : 0
    this.#counters.add(Counter.http_requests, 1)
    const url = request.url ?? ''
    const traits = readTraits(request.rawHeaders)
    const isLast = this.#isDraining || (traits & Trait.HasBody) !== 0
    const route = this.#endpoint.readTarget(url)
    if ((traits & Trait.HasHost) === 0 && request.httpVersion === '1.1') this.#refuse(response, 400, true)
    else if (route === Route.Other) this.#pass(request, response, isLast)
    else if (request.method !== 'GET') this.#refuse(response, request.method === 'OPTIONS' ? 204 : 405, isLast)
    else if ((traits & Trait.CrossSite) !== 0) this.#refuse(response, 403, isLast)
    else if (route === Route.Announce) {
      const reply = this.#endpoint.announce(this.#clients.ofRequest(request))
      if (reply === undefined) this.#refuse(response, 400, isLast)
      else this.#send(response, reply, isLast)
      if (beganAt !== 0) this.#measurements.observe(Histogram.http_announce, (performance.now() - beganAt) / 1000, 1)
    } else this.#scrape(request, response, isLast)
  }

  /** The reply is one latin1 string: node:http joins it to the headers and writes both at once. */
  #send(response: ServerResponse, reply: string, isLast: boolean): void {
    const list = isLast ? this.#lastHeaders : this.#keptHeaders
    list[LENGTH_AT] = String(reply.length)
    this.#counters.add(Counter.http_bytes_sent, reply.length)
    response.writeHead(200, list).end(reply, 'latin1')
  }

  #scrape(request: IncomingMessage, response: ServerResponse, isLast: boolean): void {
    const reply = this.#endpoint.scrape(this.#clients.ofRequest(request))
    if (reply === undefined) this.#refuse(response, 400, isLast)
    else this.#send(response, reply.length > GZIP_FROM_BYTES ? compressed(request, response, reply) : reply, isLast)
  }

  #refuse(response: ServerResponse, status: 204 | 400 | 403 | 404 | 405, isLast: boolean): void {
    if (status !== 204) this.#counters.add(Counter.http_rejected_requests, 1)
    if (status === 204 || status === 405) response.setHeader('Allow', 'GET')
    if (status !== 204) response.setHeader('Content-Length', 0)
    if (isLast) response.setHeader('Connection', 'close')
    response.writeHead(status).end()
  }

  #pass(request: IncomingMessage, response: ServerResponse, isLast: boolean): void {
    // `*`, the server as a whole, is not a URL, which the app needs for routing.
    if (request.url === '*') this.#refuse(response, request.method === 'OPTIONS' ? 204 : 404, isLast)
    else {
      if (isLast) response.setHeader('Connection', 'close')
      this.#app(request, response)
    }
  }
}

/** The reply unchanged, or gzipped with the matching header if the client accepts it (protocol rule HTTP-41). */
function compressed(request: IncomingMessage, response: ServerResponse, reply: string): string {
  response.setHeader('Vary', 'Accept-Encoding')
  const encodings = joinedHeader(request.rawHeaders, 'accept-encoding')
  if (encodings === undefined || !ACCEPTS_GZIP.test(encodings)) return reply
  response.setHeader('Content-Encoding', 'gzip')
  return gzipSync(Buffer.from(reply, 'latin1'), { level: 1 }).toString('latin1')
}
