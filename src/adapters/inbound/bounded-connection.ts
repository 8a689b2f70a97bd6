// One connection of a listener: its places in the budgets that it counts to, and how far its requests have got.

import { BudgetPlace, type ConnectionBudget, Stage, type StagedConnection } from './connection-budget.ts'

/** A socket, as far as this needs one. */
export interface Closable {
  destroy(): unknown
}

/** A request whose headers have been read. */
export interface BegunRequest {
  /** True once its body has been read too. */
  readonly complete: boolean
}

export class BoundedConnection implements StagedConnection {
  readonly #socket: Closable
  readonly #places: readonly BudgetPlace[]
  /** The queues that the places are in; `stage` may be ahead of it. */
  #queuedAs: Stage = Stage.HalfOpen
  /** The last one, until it is answered. */
  #request: BegunRequest | undefined
  #unanswered = 0
  #hasBegun = false
  #isKept = false
  #isCounted = true

  constructor(socket: Closable, budgets: readonly ConnectionBudget[]) {
    this.#socket = socket
    this.#places = budgets.map((budget) => new BudgetPlace(this, budget))
    for (const place of this.#places) place.budget.enter(place, this.#queuedAs)
  }

  get stage(): Stage {
    // Replies are sent in order, and a request is read only after the one before it has been read as a whole.
    if (this.#unanswered > 1 || this.#isKept) return Stage.Answering
    if (this.#request === undefined) return this.#hasBegun ? Stage.Idle : Stage.HalfOpen
    return this.#request.complete ? Stage.Answering : Stage.HalfOpen
  }

  /** The headers of a request have been read. */
  begin(request: BegunRequest): void {
    this.#hasBegun = true
    this.#request = request
    this.#unanswered++
    // A search of the half-open ones finds out how far the request has got by then.
    if (this.#queuedAs === Stage.Idle) this.#queueAs(Stage.HalfOpen)
  }

  /** The request in progress counts as read, although its body is not complete. */
  keep(): void {
    this.#isKept = this.#unanswered > 0
  }

  /** The reply has been sent, or never will be. */
  end(request: BegunRequest): void {
    this.#unanswered--
    if (this.#unanswered === 0) this.#isKept = false
    if (this.#request === request) this.#request = undefined
    if (this.#queuedAs === Stage.Answering) this.requeue()
  }

  requeue(): void {
    this.#queueAs(this.stage)
  }

  giveWay(): void {
    this.leave()
    this.#socket.destroy()
  }

  /** It no longer counts. May be called more than once. */
  leave(): void {
    if (!this.#isCounted) return
    this.#isCounted = false
    for (const place of this.#places) place.budget.leave(place, this.#queuedAs)
  }

  #queueAs(stage: Stage): void {
    if (!this.#isCounted) return
    for (const place of this.#places) place.budget.move(place, this.#queuedAs, stage)
    this.#queuedAs = stage
  }
}
