// How often tokens may be guessed (protocol rule SEC-32): so many failures per address prefix and minute, and so many
// of all together, which only those feel who have failed themselves.

import { IpAddress, readAddress } from '../../protocol/address-text.ts'
import { addressPrefix } from '../address-prefix.ts'

const WINDOW_SECONDS = 60
const MAX_PER_PREFIX = 10
const MAX_TOTAL = 100
/** With so many remembered the oldest is forgotten; the sum of all has put an end to guessing long before. */
const MAX_PREFIXES = 4096

interface Failures {
  sinceSeconds: number
  count: number
}

export class FailureLimiter {
  /** In the order of their beginnings. */
  readonly #byPrefix = new Map<number | string, Failures>()
  readonly #together: Failures = { sinceSeconds: Number.NEGATIVE_INFINITY, count: 0 }

  noteFailure(address: string, nowSeconds: number): void {
    const prefix = prefixOf(address)
    const failures = this.#failuresOf(prefix, nowSeconds)
    if (failures !== undefined) failures.count++
    else this.#remember(prefix, nowSeconds)
    if (!isOpen(this.#together, nowSeconds)) {
      this.#together.sinceSeconds = nowSeconds
      this.#together.count = 0
    }
    this.#together.count++
  }

  /** How long this address is not listened to; 0: it is. */
  waitSeconds(address: string, nowSeconds: number): number {
    const failures = this.#failuresOf(prefixOf(address), nowSeconds)
    if (failures === undefined) return 0
    if (failures.count >= MAX_PER_PREFIX) return remainingSeconds(failures, nowSeconds)
    const isCrowded = isOpen(this.#together, nowSeconds) && this.#together.count >= MAX_TOTAL
    return isCrowded ? remainingSeconds(this.#together, nowSeconds) : 0
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

/** A clock that was set back opens no window for longer than it lasts. */
function isOpen({ sinceSeconds }: Failures, nowSeconds: number): boolean {
  return Math.abs(nowSeconds - sinceSeconds) < WINDOW_SECONDS
}

function remainingSeconds({ sinceSeconds }: Failures, nowSeconds: number): number {
  return Math.min(WINDOW_SECONDS, sinceSeconds + WINDOW_SECONDS - nowSeconds)
}

/** Sockets that are closed already have no address: they share one prefix. */
function prefixOf(text: string): number | string {
  const address = new IpAddress()
  const bare = text.split('%', 1)[0] ?? ''
  return readAddress(bare, 0, bare.length, address) ? addressPrefix(address) : ''
}
