// Describes the requests of a traced client, once they are answered. Reads the request again: what only a trace needs
// is not collected for every request. Keys, which are in paths and queries, are left out.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { infoHashFromWords } from '../../../domain/info-hash.ts'
import type { RequestTap, TracedRequest } from '../../../domain/ports/outbound/request-tap.ts'
import type { IpAddress } from '../../protocol/address-text.ts'
import { Route } from '../../protocol/announce-path.ts'
import { writeAddress } from '../../protocol/client-range-text.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { AnnounceQuery } from '../../protocol/http/announce-query.ts'
import { HttpOutcome } from '../../protocol/http/http-outcome.ts'
import { readHttpAnnounceReply } from '../../protocol/http/reply-reader.ts'
import { RequestTarget, readRequestTarget } from '../../protocol/http/request-target.ts'
import { ScrapeQuery } from '../../protocol/http/scrape-query.ts'
import type { ClientAddresses } from '../client-address.ts'
import { tracedAnnounce } from '../traced-announce.ts'

/** Instead of a default, so that a trace shows that the client has left the number to the tracker. */
const NO_NUMWANT = -1
const MAX_NUMWANT = 0x7fffffff
const FIRST_ERROR_STATUS = 400

type Outcome = Pick<TracedRequest, 'verdict'> & Partial<TracedRequest>

export class RequestTrace {
  readonly #clients: ClientAddresses
  readonly #tap: RequestTap
  readonly #url: string
  readonly #addressWords = new Int32Array(4)
  readonly #addressBytes = new Uint8Array(this.#addressWords.buffer)
  readonly #target = new RequestTarget()
  readonly #announce = new AnnounceQuery(NO_NUMWANT, MAX_NUMWANT)
  readonly #scrape = new ScrapeQuery()

  /** `url` is the listener's. */
  constructor(clients: ClientAddresses, tap: RequestTap, url: string) {
    this.#clients = clients
    this.#tap = tap
    this.#url = url
  }

  /** Notes the request if it is the traced client's. `reply` is what an announce or a scrape was answered with. */
  note(request: IncomingMessage, response: ServerResponse, reply: string | undefined): void {
    const client = this.#clients.ofRequest(request)
    if (client === undefined) return
    this.#addressBytes.set(client.bytes)
    if (!this.#tap.isTraced(client.family, this.#addressWords, 0)) return
    const described = {
      listener: this.#url,
      client: this.#clientText(request, client),
      ...this.#describe(request.url ?? '', client),
    }
    if (reply !== undefined) this.#tap.note({ ...described, ...outcomeOf(reply) })
    else if (response.headersSent) this.#tap.note({ ...described, ...outcomeOfStatus(response.statusCode) })
    // The app answers later.
    else response.once('close', () => this.#tap.note({ ...described, ...outcomeOfStatus(response.statusCode) }))
  }

  #clientText(request: IncomingMessage, client: IpAddress): string {
    const address = writeAddress(client)
    const { isProxy, port } = this.#clients.remoteOf(request.socket)
    return !isProxy && port !== undefined ? writeHostPort(address, port) : address
  }

  #describe(url: string, client: IpAddress): Pick<TracedRequest, 'kind'> & Partial<TracedRequest> {
    const bytes = Buffer.from(url, 'latin1')
    const target = this.#target
    readRequestTarget(bytes, 0, bytes.length, target)
    if (target.route === Route.Other) return { kind: 'other' }
    if (target.route === Route.Announce) {
      const isRead = this.#announce.read(bytes, target.queryAt, target.end, client) === HttpOutcome.Read
      return { kind: 'announce', ...(isRead && tracedAnnounce(this.#announce.request)) }
    }
    const scrape = this.#scrape
    if (scrape.read(bytes, target.queryAt, target.end) !== HttpOutcome.Read) return { kind: 'scrape' }
    return { kind: 'scrape', infoHash: infoHashFromWords(scrape.words, 0), hashes: scrape.count }
  }
}

function outcomeOf(reply: string): Outcome {
  const read = readHttpAnnounceReply(Buffer.from(reply, 'latin1'))
  if (read?.failureReason !== undefined) return { verdict: 'refused', reason: read.failureReason }
  // A scrape's reply has none of these.
  if (read?.complete === undefined) return { verdict: 'answered' }
  const { complete, incomplete, peers, warningMessage } = read
  return {
    verdict: 'answered',
    seeders: complete,
    leechers: incomplete,
    peers: peers.length,
    ...(warningMessage !== undefined && { reason: warningMessage }),
  }
}

function outcomeOfStatus(status: number): Outcome {
  return status < FIRST_ERROR_STATUS ? { verdict: 'answered' } : { verdict: 'refused', reason: `status ${status}` }
}
