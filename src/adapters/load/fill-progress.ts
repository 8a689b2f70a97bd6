// Which peers of the fill a thread has yet to announce. Every peer is announced from the socket that it belongs to, and
// again if no reply has come; it counts once, when a reply has confirmed it.

import { type LoadPlan, peersOfSocket, totalSockets } from './load-plan.ts'

/** Refusals of one socket in succession before a refused peer is given up. */
const MAX_REFUSALS = 4

export class FillProgress {
  readonly #sockets: number
  readonly #firstSocket: number
  /** By socket of this thread. */
  readonly #next: Int32Array
  readonly #peers: Int32Array
  readonly #repeats: number[][]
  readonly #refusals: Int32Array
  #open = 0

  constructor(plan: LoadPlan, thread: number) {
    this.#sockets = totalSockets(plan)
    this.#firstSocket = thread * plan.sockets
    this.#next = new Int32Array(plan.sockets)
    this.#refusals = new Int32Array(plan.sockets)
    this.#peers = Int32Array.from({ length: plan.sockets }, (_, socket) =>
      peersOfSocket(plan.population.peers, this.#firstSocket + socket, this.#sockets),
    )
    this.#repeats = Array.from({ length: plan.sockets }, () => [])
    for (const peers of this.#peers) this.#open += peers
  }

  /** Whether every peer has been confirmed, or given up. */
  get isDone(): boolean {
    return this.#open === 0
  }

  /** The peer that this socket announces next; -1 if there is none. */
  take(socket: number): number {
    const repeats = this.#repeats[socket]
    if (repeats.length > 0) return repeats.pop() ?? -1
    if (this.#next[socket] === this.#peers[socket]) return -1
    return this.#next[socket]++ * this.#sockets + this.#firstSocket + socket
  }

  confirm(socket: number): void {
    this.#refusals[socket] = 0
    this.#open--
  }

  /** No reply came. */
  repeat(socket: number, peer: number): void {
    this.#repeats[socket].push(peer)
  }

  /** The tracker replied with an error; whether the peer is given up for it. */
  refuse(socket: number, peer: number): boolean {
    if (++this.#refusals[socket] < MAX_REFUSALS) {
      this.repeat(socket, peer)
      return false
    }
    this.#open--
    return true
  }
}
