// One POST of a JSON text, within a time limit. Redirects are not followed: the URL may have a token, which is for the
// configured host alone.

import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { cancellableLookup } from './cancellable-lookup.ts'

interface Post {
  readonly url: URL
  readonly json: string
  readonly userAgent: string
  /** Aborted at the time limit, or when the tracker stops. */
  readonly signal: AbortSignal
}

/** Resolves once the receiver has accepted it; rejects with a reason that does not contain the URL. */
export function postJson({ url, json, userAgent, signal }: Post): Promise<void> {
  const body = Buffer.from(json)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      // A connection of its own, which nothing keeps open.
      agent: false,
      signal,
      lookup: cancellableLookup(signal),
      headers: { 'Content-Type': 'application/json', 'Content-Length': body.length, 'User-Agent': userAgent },
    }
    const sent = request(url, options, (response: IncomingMessage) => {
      const status = response.statusCode ?? 0
      // Its body is of no interest.
      response.destroy()
      if (status >= 200 && status < 300) resolve()
      else reject(new Error(`the receiver answered with status ${status}`))
    })
    sent.on('error', reject)
    // Node reports a receiver that changes the protocol (status 101) only as the end of the connection.
    sent.on('close', () => reject(new Error('the connection ended without an answer')))
    sent.end(body)
  })
}
