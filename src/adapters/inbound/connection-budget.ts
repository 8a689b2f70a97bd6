// How many connections one prefix, or all clients together, have and may have, and which of them gives way to a
// newcomer. Doubly linked lists through the connections' places make each step take constant time.

/** How far a connection has got with its request. */
export const Stage = {
  /** Has not sent a whole request: it may be in the TLS handshake, silent, or slow. */
  HalfOpen: 0,
  /** Is owed a reply, and must not be closed. */
  Answering: 1,
  /** Has received its replies, and is kept open for another request. */
  Idle: 2,
} as const
export type Stage = (typeof Stage)[keyof typeof Stage]

export interface StagedConnection {
  readonly stage: Stage
  /** Moves its places to the queues of its current stage. */
  requeue(): void
  /** Makes room for another. */
  giveWay(): void
}

/** The place of a connection in one budget: a node of one of its queues, or of none. */
export class BudgetPlace {
  readonly connection: StagedConnection
  readonly budget: ConnectionBudget
  older: BudgetPlace | undefined
  newer: BudgetPlace | undefined

  constructor(connection: StagedConnection, budget: ConnectionBudget) {
    this.connection = connection
    this.budget = budget
  }
}

class Queue {
  oldest: BudgetPlace | undefined
  #newest: BudgetPlace | undefined

  append(place: BudgetPlace): void {
    place.older = this.#newest
    if (this.#newest === undefined) this.oldest = place
    else this.#newest.newer = place
    this.#newest = place
  }

  remove(place: BudgetPlace): void {
    const { older, newer } = place
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    place.older = undefined
    place.newer = undefined
  }
}

export type PrefixKey = number | string

export class ConnectionBudget {
  readonly #siblings: Map<PrefixKey, ConnectionBudget>
  readonly #key: PrefixKey
  /** Includes those that are owed replies, which are in no queue. */
  #count = 0
  /** Contains connections of other stages too, because a request that becomes whole moves nothing. */
  readonly #halfOpen = new Queue()
  readonly #idle = new Queue()

  /** Is in `siblings` as long as it has connections. */
  constructor(siblings: Map<PrefixKey, ConnectionBudget>, key: PrefixKey) {
    this.#siblings = siblings
    this.#key = key
  }

  get count(): number {
    return this.#count
  }

  enter(place: BudgetPlace, stage: Stage): void {
    if (this.#count === 0) this.#siblings.set(this.#key, this)
    this.#count++
    this.#queueFor(stage)?.append(place)
  }

  /** `stage`: that of the queue that it is in. */
  leave(place: BudgetPlace, stage: Stage): void {
    this.#queueFor(stage)?.remove(place)
    this.#count--
    if (this.#count === 0) this.#siblings.delete(this.#key)
  }

  move(place: BudgetPlace, from: Stage, to: Stage): void {
    this.#queueFor(from)?.remove(place)
    this.#queueFor(to)?.append(place)
  }

  /**
   * The connection that gives way to a newcomer: the oldest half-open one, else the one that has waited longest for
   * another request; undefined if all are owed replies. Connections that are passed over have sent a request since they
   * were queued, and are moved out of the way, so that all searches together take no more steps than there were
   * requests.
   */
  firstToGo(): StagedConnection | undefined {
    for (let place = this.#halfOpen.oldest; place !== undefined; place = this.#halfOpen.oldest) {
      if (place.connection.stage === Stage.HalfOpen) return place.connection
      place.connection.requeue()
    }
    return this.#idle.oldest?.connection
  }

  #queueFor(stage: Stage): Queue | undefined {
    if (stage === Stage.Answering) return undefined
    return stage === Stage.HalfOpen ? this.#halfOpen : this.#idle
  }
}
