// Decides what each connection asks next, and counts what has become of it.

import { FillProgress } from '../fill-progress.ts'
import { noteCounted } from '../fill-report.ts'
import { begin, draw, live, NextAnnounce } from '../lifecycle.ts'
import { LOAD_COUNTS, LoadPhase } from '../load-memory.ts'
import { type LoadPlan, targetOfSocket } from '../load-plan.ts'
import { LoadRandom } from '../load-random.ts'
import type { LoadTally } from '../load-tally.ts'
import type { Population } from '../population.ts'
import { Choice, RequestChoice } from '../request-choice.ts'
import { SocketPeers } from '../socket-peers.ts'
import type { LoadedHttpReply } from './http-reply.ts'
import { HttpRequestWriter } from './http-request-writer.ts'

const NEW_TORRENT = -1
/** The torrent of all attackers that share an address. */
const CROWDED_TORRENT = 0

export interface HttpRequestsParts {
  readonly plan: LoadPlan
  readonly thread: number
  readonly population: Population
  readonly tally: LoadTally
  /** Of the connections, see `HttpRequestWriter`. */
  readonly memory: Uint8Array
}

export class HttpRequests {
  phase: LoadPhase = LoadPhase.Connect
  /** By connection: what it has asked last. */
  readonly kinds: Uint8Array
  readonly lengths: Int32Array
  /** In microseconds. */
  readonly dueAt: Float64Array
  readonly #peerOf: Int32Array
  readonly #plan: LoadPlan
  readonly #firstSocket: number
  readonly #population: Population
  readonly #tally: LoadTally
  readonly #random: LoadRandom
  readonly #choice: RequestChoice
  readonly #writer: HttpRequestWriter
  readonly #peers: SocketPeers
  readonly #fill: FillProgress
  readonly #next = new NextAnnounce()

  constructor({ plan, thread, population, tally, memory }: HttpRequestsParts) {
    this.kinds = new Uint8Array(plan.sockets)
    this.lengths = new Int32Array(plan.sockets)
    this.dueAt = new Float64Array(plan.sockets)
    this.#peerOf = new Int32Array(plan.sockets).fill(-1)
    this.#plan = plan
    this.#firstSocket = thread * plan.sockets
    this.#population = population
    this.#tally = tally
    this.#random = new LoadRandom(plan.population.seed + 1000 * (thread + 1))
    // There is no connect over HTTP.
    this.#choice = new RequestChoice({ ...plan.mix, connect: 0 }, plan.hostile, this.#random)
    this.#writer = new HttpRequestWriter(memory, population, plan)
    this.#peers = new SocketPeers(plan, thread)
    this.#fill = new FillProgress(plan, thread)
  }

  get hasFilled(): boolean {
    return this.#fill.isDone
  }

  /** Whether there is something to ask on this connection. While filling, decides which peer. */
  hasNext(connection: number): boolean {
    if (this.phase !== LoadPhase.Fill) return true
    this.#peerOf[connection] = this.#fill.take(connection)
    return this.#peerOf[connection] >= 0
  }

  /** Writes the next request; times are in microseconds. */
  write(connection: number, dueAt: number, now: number): void {
    const kind = this.phase === LoadPhase.Fill ? Choice.Announce : this.#choice.of(this.#firstSocket + connection)
    this.dueAt[connection] = dueAt
    this.kinds[connection] = kind === Choice.Garbage || kind === Choice.Scrape ? kind : Choice.Announce
    this.lengths[connection] = this.#write(connection, kind)
    if (kind === Choice.Garbage) {
      if (this.phase === LoadPhase.Measure) this.#tally.counts[LOAD_COUNTS.hostileSent]++
      return
    }
    this.#tally.sent(this.kinds[connection], this.lengths[connection], dueAt, now)
    if (kind === Choice.Announce) this.#tally.event(this.#next.event, dueAt)
    else if (kind > Choice.Scrape && this.#tally.isMeasured(dueAt)) this.#tally.counts[LOAD_COUNTS.hostileSent]++
  }

  #write(connection: number, kind: number): number {
    if (kind === Choice.Garbage) return this.#writer.garbage(connection, this.#random)
    if (kind === Choice.Scrape) return this.#writer.scrape(connection, this.#random)
    if (kind === Choice.RandomHash || kind === Choice.OneAddress) {
      draw(this.#plan.seeders, this.#random, this.#next)
      const torrent = kind === Choice.RandomHash ? NEW_TORRENT : CROWDED_TORRENT
      return this.#writer.stranger(connection, torrent, this.#random, this.#next)
    }
    const { stateOf } = this.#population
    if (this.phase === LoadPhase.Fill) {
      begin(stateOf, this.#peerOf[connection], this.#plan.seeders, this.#random, this.#next)
      return this.#writer.announce(connection, this.#peerOf[connection], this.#next)
    }
    const peer = this.#peers.choose(connection, this.#random)
    if (this.#plan.hasLifecycle) live(stateOf, peer, this.#plan.seeders, this.#random, this.#next)
    else draw(this.#plan.seeders, this.#random, this.#next)
    return this.#writer.announce(connection, peer, this.#next)
  }

  /** Whether the connection has asked something that deserves a reply. */
  isHonest(connection: number): boolean {
    return this.kinds[connection] !== Choice.Garbage
  }

  /** Counts a complete reply. */
  judge(connection: number, reply: LoadedHttpReply, length: number, now: number): void {
    const { counts } = this.#tally
    const dueAt = this.dueAt[connection]
    const isMeasured = this.#tally.isMeasured(dueAt)
    const kind = this.kinds[connection]
    if (!reply.isOk || reply.isFailure) {
      if (isMeasured) counts[LOAD_COUNTS.failures]++
      if (this.phase === LoadPhase.Fill && this.#fill.refuse(connection, this.#peerOf[connection])) {
        counts[LOAD_COUNTS.fillRefused]++
      }
      return
    }
    if (!reply.isProper) {
      if (isMeasured) counts[LOAD_COUNTS.malformed]++
      this.miss(connection)
      return
    }
    this.#tally.replied(kind, dueAt, now)
    if (isMeasured) {
      counts[LOAD_COUNTS.bytesReceived] += length
      if (kind === Choice.Announce) counts[LOAD_COUNTS.peersReceived] += reply.peers
    } else if (this.phase === LoadPhase.Fill) this.#confirm(connection, reply)
  }

  #confirm(connection: number, reply: LoadedHttpReply): void {
    const torrent = this.#population.torrentOf[this.#peerOf[connection]]
    this.#tally.counts[LOAD_COUNTS.filled]++
    this.#fill.confirm(connection)
    const { family } = targetOfSocket(this.#plan, this.#firstSocket + connection)
    noteCounted(this.#population, torrent, family, reply.counted)
  }

  /** A reply came when the request was lost already. */
  late(connection: number): void {
    this.#tally.counts[LOAD_COUNTS.late]++
    this.miss(connection)
  }

  /** No proper reply came. */
  miss(connection: number): void {
    if (this.phase !== LoadPhase.Fill) return
    this.#tally.counts[LOAD_COUNTS.fillRepeats]++
    this.#fill.repeat(connection, this.#peerOf[connection])
  }
}
