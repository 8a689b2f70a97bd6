// Which peers announce from each socket of a thread: a peer always has the same address.

import { type LoadPlan, peersOfSocket, totalSockets } from './load-plan.ts'
import type { LoadRandom } from './load-random.ts'

export class SocketPeers {
  readonly #first: number
  readonly #all: number
  readonly #counts: Int32Array

  constructor(plan: LoadPlan, thread: number) {
    this.#first = thread * plan.sockets
    this.#all = totalSockets(plan)
    this.#counts = Int32Array.from({ length: plan.sockets }, (_, socket) =>
      peersOfSocket(plan.population.peers, this.#first + socket, this.#all),
    )
  }

  choose(socket: number, random: LoadRandom): number {
    return random.below(this.#counts[socket]) * this.#all + this.#first + socket
  }
}
