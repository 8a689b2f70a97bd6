// The connections of a listener, counted by prefix (protocol rule SEC-23). A newcomer above a budget displaces a
// connection of that budget which is owed nothing, so that silent connections keep no client out.

import { isPrivateAddress } from '../../domain/address.ts'
import { Family } from '../../domain/announce.ts'
import type { IpAddress } from '../protocol/address-text.ts'
import { addressPrefix, ipv6SitePrefix, networkPrefix } from './address-prefix.ts'
import { AddressWords } from './address-words.ts'
import { BoundedConnection, type Closable } from './bounded-connection.ts'
import { ConnectionBudget, type PrefixKey } from './connection-budget.ts'

export interface ConnectionBounds {
  readonly maxConnections: number
  /** Per IPv4 address or IPv6 /64. */
  readonly maxConnectionsPerAddress: number
  /** Whether private and loopback addresses have budgets for wider prefixes too. */
  readonly appliesToPrivate: boolean
}

/** Which budget a connection was above: that of its address, of a wider prefix, or of all connections. */
export type BudgetKind = 'address' | 'prefix' | 'total'

/** Called for each connection that is refused, or displaced by a newcomer. */
export interface ConnectionReport {
  refused(): void
  displaced(above: BudgetKind): void
}

/** The remote end of a connection. */
export interface RemoteEnd {
  readonly address: IpAddress
  /** False if the socket was closed before its address was read, or has none. */
  readonly isKnown: boolean
  readonly isProxy: boolean
}

/** The budgets of all prefixes of one length. */
class BudgetLevel {
  readonly kind: BudgetKind
  readonly max: number
  /** Those with connections. */
  readonly #budgets = new Map<PrefixKey, ConnectionBudget>()

  constructor(kind: BudgetKind, max: number) {
    this.kind = kind
    this.max = max
  }

  get size(): number {
    return this.#budgets.size
  }

  /** Undefined if it has room. */
  full(key: PrefixKey): ConnectionBudget | undefined {
    const budget = this.#budgets.get(key)
    return budget !== undefined && budget.count >= this.max ? budget : undefined
  }

  budget(key: PrefixKey): ConnectionBudget {
    return this.#budgets.get(key) ?? new ConnectionBudget(this.#budgets, key)
  }
}

/** Shares of all connections. */
const NETWORK_SHARE = 1 / 4
const SITE_SHARE = 1 / 2

/** The total is the only budget of its level. */
const TOTAL: PrefixKey = 0

export class ConnectionTable {
  readonly #appliesToPrivate: boolean
  readonly #report: ConnectionReport
  /** From narrow to wide, so that room made in one is room in all after it. */
  readonly #levels: readonly BudgetLevel[]

  constructor(
    { maxConnections, maxConnectionsPerAddress, appliesToPrivate }: ConnectionBounds,
    report: ConnectionReport,
  ) {
    // One address may have its maximum, even in a small total.
    const share = (part: number): number => Math.max(Math.floor(maxConnections * part), maxConnectionsPerAddress)
    this.#appliesToPrivate = appliesToPrivate
    this.#report = report
    this.#levels = [
      new BudgetLevel('address', maxConnectionsPerAddress),
      new BudgetLevel('prefix', share(NETWORK_SHARE)),
      new BudgetLevel('prefix', share(SITE_SHARE)),
      new BudgetLevel('total', maxConnections),
    ]
  }

  /** Number of prefixes with connections, for all prefix lengths together. */
  get prefixCount(): number {
    return this.#levels.reduce((sum, { size }) => sum + size, 0)
  }

  /** Undefined, and reported, if there is no room for it and none can be made. */
  admit(socket: Closable, remote: RemoteEnd): BoundedConnection | undefined {
    const keys = this.#keysOf(remote)
    if (!this.#hasRoom(keys)) {
      this.#report.refused()
      return undefined
    }
    const budgets: ConnectionBudget[] = []
    for (let i = 0; i < this.#levels.length; i++) {
      const key = keys[i]
      if (key !== undefined) budgets.push(this.#levels[i].budget(key))
    }
    return new BoundedConnection(socket, budgets)
  }

  /** Makes room if there is none. */
  #hasRoom(keys: readonly (PrefixKey | undefined)[]): boolean {
    for (let i = 0; i < this.#levels.length; i++) {
      const level = this.#levels[i]
      const key = keys[i]
      const full = key === undefined ? undefined : level.full(key)
      if (full === undefined) continue
      const displaced = full.firstToGo()
      if (displaced === undefined) return false
      displaced.giveWay()
      this.#report.displaced(level.kind)
    }
    return true
  }

  /** One for each level; undefined: it does not count there. */
  #keysOf({ address, isKnown, isProxy }: RemoteEnd): readonly (PrefixKey | undefined)[] {
    if (!isKnown || isProxy) return [undefined, undefined, undefined, TOTAL]
    const one = addressPrefix(address)
    if (!this.#appliesToPrivate && isPrivate(address)) return [one, undefined, undefined, TOTAL]
    const site = address.family === Family.IPv6 ? ipv6SitePrefix(address) : undefined
    return [one, networkPrefix(address), site, TOTAL]
  }
}

const WORDS = new AddressWords()

function isPrivate(address: IpAddress): boolean {
  WORDS.copy(address)
  return isPrivateAddress(address.family, WORDS.halfwords)
}
