// Access to the management API: tokens with a scope, compared in constant time (protocol rules SEC-31, SEC-32). Each
// version of the API decides where a request may carry its token and how a rejection is worded.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import type { TokenScope } from '../../protocol/rest/operation.ts'
import { FailureLimiter } from './failure-limiter.ts'

export interface ApiToken {
  /** For the operator: never shown to clients. */
  readonly label: string
  /** Secret. */
  readonly token: string
  readonly scope: TokenScope
}

export type GateVerdict =
  | TokenScope
  /** No token, or a wrong one. */
  | 'refused'
  /** The same, after too many wrong ones from this address. */
  | 'limited'

export class TokenGate {
  readonly #tokens: readonly { readonly digest: Buffer; readonly scope: TokenScope }[]
  readonly #clock: SteadyClock
  readonly #counters: Counters
  readonly #limiter = new FailureLimiter()

  constructor(tokens: readonly ApiToken[], clock: SteadyClock, counters: Counters) {
    this.#tokens = tokens.map(({ token, scope }) => ({ digest: digestOf(token), scope }))
    this.#clock = clock
    this.#counters = counters
  }

  /**
   * `token` undefined: the request has none, which does not count as a guess. `address`: the client's, as text. A valid
   * token always passes: otherwise anyone who shares the address could lock its owner out with wrong ones.
   */
  verify(token: string | undefined, address: string): GateVerdict {
    const scope = token === undefined ? undefined : this.#scopeOf(token)
    if (scope !== undefined) return scope
    const now = this.#clock.steadySeconds()
    if (this.#limiter.waitSeconds(address, now) > 0) return 'limited'
    this.#counters.add(Counter.rest_authentication_failures, 1)
    if (token !== undefined) this.#limiter.noteFailure(address, now)
    return 'refused'
  }

  /** For the verdict 'limited'. At least 1. */
  retryAfterSeconds(address: string): number {
    return Math.max(1, this.#limiter.waitSeconds(address, this.#clock.steadySeconds()))
  }

  /** Always compares with every token, so that timing reveals nothing. */
  #scopeOf(token: string): TokenScope | undefined {
    const digest = digestOf(token)
    let scope: TokenScope | undefined
    for (const known of this.#tokens) if (timingSafeEqual(digest, known.digest)) scope = known.scope
    return scope
  }
}

const BEARER = /^bearer +([\x21-\x7e]+)$/i

/**
 * The token of `Authorization: Bearer ...`; undefined without such a header, empty when there are several or the value
 * cannot be a token.
 */
export function bearerToken(authorizations: readonly string[]): string | undefined {
  if (authorizations.length === 0) return undefined
  return authorizations.length === 1 ? (BEARER.exec(authorizations[0])?.[1] ?? '') : ''
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
