// Limits token guessing (protocol rule SEC-32): failures per address prefix and minute, and failures in total, which
// only affects clients that have failed themselves.

import { IpAddress, readAddress } from '../../protocol/address-text.ts'
import { addressPrefix } from '../address-prefix.ts'

const WINDOW_SECONDS = 60
const MAX_PER_PREFIX = 10
const MAX_TOTAL = 100
/** Beyond this the oldest is evicted; the total limit stops guessing long before. */
const MAX_PREFIXES = 4096

interface Failures {
  sinceSeconds: number
  count: number
}

export class FailureLimiter {
  /** In the order of their first failures. */
  readonly #byPrefix = new Map<number | string, Failures>()
  readonly #total: Failures = { sinceSeconds: Number.NEGATIVE_INFINITY, count: 0 }

  noteFailure(address: string, nowSeconds: number): void {
    const prefix = prefixOf(address)
    const failures = this.#failuresOf(prefix, nowSeconds)
    if (failures !== undefined) failures.count++
    else this.#remember(prefix, nowSeconds)
    if (!isOpen(this.#total, nowSeconds)) {
      this.#total.sinceSeconds = nowSeconds
      this.#total.count = 0
    }
    this.#total.count++
  }

  /** How long this address is blocked; 0: it is not. */
  waitSeconds(address: string, nowSeconds: number): number {
    const failures = this.#failuresOf(prefixOf(address), nowSeconds)
    if (failures === undefined) return 0
    if (failures.count >= MAX_PER_PREFIX) return remainingSeconds(failures, nowSeconds)
    const isTotalReached = isOpen(this.#total, nowSeconds) && this.#total.count >= MAX_TOTAL
    return isTotalReached ? remainingSeconds(this.#total, nowSeconds) : 0
  }

  #failuresOf(prefix: number | string, nowSeconds: number): Failures | undefined {
    const failures = this.#byPrefix.get(prefix)
    if (failures === undefined || isOpen(failures, nowSeconds)) return failures
    this.#byPrefix.delete(prefix)
    return undefined
  }

  #remember(prefix: number | string, nowSeconds: number): void {
    if (this.#byPrefix.size >= MAX_PREFIXES) {
      for (const oldest of this.#byPrefix.keys()) {
        this.#byPrefix.delete(oldest)
        break
      }
    }
    this.#byPrefix.set(prefix, { sinceSeconds: nowSeconds, count: 1 })
  }
}

/** Setting the clock back does not keep a window open for longer than its length. */
function isOpen({ sinceSeconds }: Failures, nowSeconds: number): boolean {
  return Math.abs(nowSeconds - sinceSeconds) < WINDOW_SECONDS
}

function remainingSeconds({ sinceSeconds }: Failures, nowSeconds: number): number {
  return Math.min(WINDOW_SECONDS, sinceSeconds + WINDOW_SECONDS - nowSeconds)
}

/** Sockets that are already closed have no address and share one prefix. */
function prefixOf(text: string): number | string {
  const address = new IpAddress()
  const bare = text.split('%', 1)[0] ?? ''
  return readAddress(bare, 0, bare.length, address) ? addressPrefix(address) : ''
}
