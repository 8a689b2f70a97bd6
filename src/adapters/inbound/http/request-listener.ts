// Handles the requests of a listener: announces and scrapes here, everything else in the app. The checks are in the
// order of protocol rule HTTP-28: method, path, address and its rate, then the query. A ban comes before all of them.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { AttackMode } from '../../../domain/attack-mode.ts'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'
import type { RequestTap } from '../../../domain/ports/outbound/request-tap.ts'
import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import type { IpAddress } from '../../protocol/address-text.ts'
import { Route } from '../../protocol/announce-path.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import { Histogram } from '../../protocol/metrics/measurements.ts'
import type { AddressBans } from '../address-bans.ts'
import type { ClientAddresses } from '../client-address.ts'
import { owe } from '../owed-replies.ts'
import { RateKind } from '../rate-memory.ts'
import { joinedHeader, readTraits, Trait } from '../raw-headers.ts'
import type { RequestRates } from '../request-rates.ts'
import type { AnnounceEndpoint } from './announce-endpoint.ts'
import { RequestTrace } from './request-trace.ts'

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

/** Without Content-Length. */
const HEADERS_OF_HEAD = headers().toSpliced(LENGTH_AT - 1, 2)
const LAST_HEADERS_OF_HEAD = [...HEADERS_OF_HEAD, 'Connection', 'close']

/** What a listener counts, measures and limits with; all belong to its thread. */
export interface HttpDependencies {
  readonly counters: Counters
  readonly measurements: Measurements
  readonly tap: RequestTap
  readonly rates: RequestRates
  readonly bans: AddressBans
  /** Tells the rates the time. */
  readonly clock: SteadyClock
  readonly attack: AttackMode
}

export class TrackerRequests {
  readonly #endpoint: AnnounceEndpoint
  readonly #clients: ClientAddresses
  readonly #counters: Counters
  readonly #measurements: Measurements
  readonly #app: RequestListener
  readonly #tap: RequestTap
  readonly #trace: RequestTrace
  readonly #rates: RequestRates
  readonly #bans: AddressBans
  readonly #clock: SteadyClock
  readonly #keptHeaders = headers()
  readonly #lastHeaders = [...headers(), 'Connection', 'close']
  #isDraining = false

  /** `url` is the listener's. */
  constructor(
    endpoint: AnnounceEndpoint,
    clients: ClientAddresses,
    dependencies: HttpDependencies,
    app: RequestListener,
    url: string,
  ) {
    this.#endpoint = endpoint
    this.#clients = clients
    this.#counters = dependencies.counters
    this.#measurements = dependencies.measurements
    this.#app = app
    this.#tap = dependencies.tap
    this.#rates = dependencies.rates
    this.#bans = dependencies.bans
    this.#clock = dependencies.clock
    this.#trace = new RequestTrace(clients, dependencies.tap, url)
  }

  /** Makes every further reply the last of its connection. */
  drain(): void {
    this.#isDraining = true
  }

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const reply = this.#answer(request, response)
    if (this.#tap.isOn()) this.#trace.note(request, response, reply)
  }

  /** Returns the reply to an announce or a scrape; undefined for any other answer. */
  #answer(request: IncomingMessage, response: ServerResponse): string | undefined {
    const beganAt = this.#measurements.isOn ? performance.now() : 0
    this.#counters.add(Counter.http_requests, 1)
    const url = request.url ?? ''
    const traits = readTraits(request.rawHeaders)
    const isLast = this.#isDraining || (traits & Trait.HasBody) !== 0
    const route = this.#endpoint.readTarget(url)
    const client = route === Route.Other ? undefined : this.#clients.ofRequest(request)
    if (client !== undefined && this.#bans.isBanned(client)) this.#refuseBanned(response)
    else if ((traits & Trait.HasHost) === 0 && request.httpVersion === '1.1') this.#refuse(response, 400, true)
    else if (route === Route.Other) this.#pass(request, response, isLast)
    else if (request.method !== 'GET' && request.method !== 'HEAD') this.#refuseMethod(request, response, isLast)
    else if ((traits & Trait.CrossSite) !== 0) this.#refuse(response, 403, isLast)
    else if (!this.#isWithinRate(client)) return this.#slowDown(request, response, isLast)
    else if (route !== Route.Announce) return this.#scrape(request, response, client, isLast)
    else if (request.method === 'HEAD') this.#answerHeadOfAnnounce(response, client, isLast)
    else {
      const reply = this.#endpoint.announce(client)
      if (reply === undefined) this.#refuse(response, 400, isLast)
      else this.#send(response, reply, isLast)
      if (beganAt !== 0) this.#measurements.observe(Histogram.http_announce, (performance.now() - beganAt) / 1000, 1)
      return reply
    }
    return undefined
  }

  /** The reply is one latin1 string: node:http joins it to the headers and writes both at once. */
  #send(response: ServerResponse, reply: string, isLast: boolean): void {
    this.#counters.add(Counter.http_bytes_sent, reply.length)
    this.#writeHead(response, reply.length, isLast).end(reply, 'latin1')
  }

  #writeHead(response: ServerResponse, length: number, isLast: boolean): ServerResponse {
    // A reply without a socket waits for the one before it: its request arrived before that reply was sent.
    if (isLast || response.socket === null) owe(response)
    const list = isLast ? this.#lastHeaders : this.#keptHeaders
    list[LENGTH_AT] = String(length)
    return response.writeHead(200, list)
  }

  /** The client does not announce, so the tracker is not asked and the length of the reply to GET is unknown. */
  #answerHeadOfAnnounce(response: ServerResponse, client: IpAddress | undefined, isLast: boolean): void {
    const isReadable = this.#endpoint.canReadAnnounce(client)
    if (!isReadable) {
      this.#refuse(response, 400, isLast)
      return
    }
    owe(response)
    response.writeHead(200, isLast ? LAST_HEADERS_OF_HEAD : HEADERS_OF_HEAD).end()
  }

  #scrape(
    request: IncomingMessage,
    response: ServerResponse,
    client: IpAddress | undefined,
    isLast: boolean,
  ): string | undefined {
    const reply = this.#endpoint.scrape(client)
    if (reply === undefined) {
      this.#refuse(response, 400, isLast)
      return undefined
    }
    this.#sendOrHead(
      request,
      response,
      reply.length > GZIP_FROM_BYTES ? compressed(request, response, reply) : reply,
      isLast,
    )
    return reply
  }

  #sendOrHead({ method }: IncomingMessage, response: ServerResponse, reply: string, isLast: boolean): void {
    if (method === 'HEAD') this.#writeHead(response, reply.length, isLast).end()
    else this.#send(response, reply, isLast)
  }

  /** The ban may be newer than the connection, or the client be behind a proxy. Counted as that, not as rejected. */
  #refuseBanned(response: ServerResponse): void {
    this.#counters.add(Counter.http_requests_banned, 1)
    this.#end(response, 403, true)
  }

  /** A client whose address is unknown is told so, which costs little. */
  #isWithinRate(client: IpAddress | undefined): boolean {
    if (client === undefined) return true
    this.#rates.setTime(this.#clock.steadySeconds())
    return this.#rates.allowsAddress(RateKind.HttpRequest, client)
  }

  #slowDown(request: IncomingMessage, response: ServerResponse, isLast: boolean): string {
    const reply = this.#endpoint.slowDown()
    this.#sendOrHead(request, response, reply, isLast)
    return reply
  }

  /** OPTIONS is answered on any path, because load balancers use it as a liveness check. */
  #refuseMethod({ method }: IncomingMessage, response: ServerResponse, isLast: boolean): void {
    this.#refuse(response, method === 'OPTIONS' ? 204 : 405, isLast)
  }

  #refuse(response: ServerResponse, status: 204 | 400 | 403 | 404 | 405, isLast: boolean): void {
    if (status !== 204) this.#counters.add(Counter.http_rejected_requests, 1)
    this.#end(response, status, isLast)
  }

  #end(response: ServerResponse, status: 204 | 400 | 403 | 404 | 405, isLast: boolean): void {
    if (status === 204 || status === 405) response.setHeader('Allow', 'GET, HEAD')
    if (status !== 204) response.setHeader('Content-Length', 0)
    if (isLast || response.socket === null) owe(response)
    if (isLast) response.setHeader('Connection', 'close')
    response.writeHead(status).end()
  }

  #pass(request: IncomingMessage, response: ServerResponse, isLast: boolean): void {
    if (request.method === 'OPTIONS') this.#refuseMethod(request, response, isLast)
    // `*`, the server as a whole, is not a URL, which the app needs for routing.
    else if (request.url === '*') this.#refuse(response, 404, isLast)
    else {
      owe(response)
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
