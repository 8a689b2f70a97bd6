// Decides what a socket asks next and writes it into the batch. Nothing is allocated per request.

import { begin, draw, live, NextAnnounce } from '../lifecycle.ts'
import { LOAD_COUNTS, LoadPhase } from '../load-memory.ts'
import { Choice, RequestChoice } from '../request-choice.ts'
import { RequestWriter } from './request-writer.ts'
import type { UdpLoadState } from './udp-load-state.ts'

/** The torrent of all attackers that share an address. */
const CROWDED_TORRENT = 0
const NEW_TORRENT = -1

export class UdpRequests {
  readonly #state: UdpLoadState
  readonly #writer: RequestWriter
  readonly #choice: RequestChoice
  readonly #next = new NextAnnounce()

  constructor(state: UdpLoadState) {
    const { batch, plan, population, random } = state
    this.#state = state
    this.#writer = new RequestWriter(batch, population, plan.numwant, plan.path)
    this.#choice = new RequestChoice(plan.mix, plan.hostile, random)
  }

  /** Writes the next request of a link into a slot; false if there is none. Times are in microseconds. */
  write(link: number, slot: number, dueAt: number, now: number): boolean {
    const isLoading = this.#state.phase >= LoadPhase.Load
    const choice = isLoading ? this.#choice.of(this.#state.firstSocket + link) : Choice.Announce
    if (choice === Choice.Garbage || choice === Choice.ForgedId) this.#unanswered(choice, link, slot)
    else if (this.#state.links.needsConnect(link, now)) this.#connect(link, slot, dueAt, now)
    else if (!isLoading) return this.#fill(link, slot, dueAt, now)
    else this.#honest(choice, link, slot, dueAt, now)
    return true
  }

  /** The kernel has not taken the request that was written into a slot at `now`. */
  notSent(link: number, slot: number, now: number): void {
    const { batch, pending, phase, tally } = this.#state
    const place = pending.find(this.#writer.transactionOf(slot))
    if (place >= 0 && pending.sockets[place] === link) {
      tally.notSent(pending.kinds[place], batch.requests.lengths[slot], pending.dueAt[place], now)
      pending.release(place)
      this.#state.forget(link, place)
    } else if (phase === LoadPhase.Measure) {
      tally.counts[LOAD_COUNTS.hostileSent]--
      tally.counts[LOAD_COUNTS.unsent]++
    }
  }

  #honest(choice: number, link: number, slot: number, dueAt: number, now: number): void {
    if (choice === Choice.Scrape) this.#scrape(link, slot, dueAt, now)
    else if (choice === Choice.Connect || choice === Choice.HostileConnect) this.#connect(link, slot, dueAt, now)
    else if (choice === Choice.RandomHash) this.#stranger(NEW_TORRENT, link, slot, dueAt, now)
    else if (choice === Choice.OneAddress) this.#stranger(CROWDED_TORRENT, link, slot, dueAt, now)
    else {
      const { peers, plan, population, random } = this.#state
      const peer = peers.choose(link, random)
      if (plan.hasLifecycle) live(population.stateOf, peer, plan.seeders, random, this.#next)
      else draw(plan.seeders, random, this.#next)
      this.#announce(link, slot, peer, dueAt, now)
    }
  }

  #connect(link: number, slot: number, dueAt: number, now: number): void {
    this.#state.links.isRenewing[link] = 1
    const transaction = this.#claim(Choice.Connect, link, 0, dueAt)
    this.#state.tally.sent(Choice.Connect, this.#writer.connect(slot, transaction), dueAt, now)
  }

  #scrape(link: number, slot: number, dueAt: number, now: number): void {
    const { links, plan, population, random, tally } = this.#state
    const hashes = 1 + random.below(Math.min(plan.scrapeHashes, population.swarms))
    const transaction = this.#claim(Choice.Scrape, link, hashes, dueAt)
    const bytes = this.#writer.scrape(slot, links.idHigh[link], links.idLow[link], transaction, hashes, random)
    tally.sent(Choice.Scrape, bytes, dueAt, now)
  }

  #fill(link: number, slot: number, dueAt: number, now: number): boolean {
    const { fill, links, plan, population, random } = this.#state
    // A peer that is refused with an old connection id must not be given up for it.
    if (links.isRenewing[link] === 1) return false
    const peer = fill.take(link)
    if (peer < 0) return false
    begin(population.stateOf, peer, plan.seeders, random, this.#next)
    this.#announce(link, slot, peer, dueAt, now)
    return true
  }

  #announce(link: number, slot: number, peer: number, dueAt: number, now: number): void {
    const { links, tally } = this.#state
    const transaction = this.#claim(Choice.Announce, link, peer, dueAt)
    const bytes = this.#writer.announce(slot, links.idHigh[link], links.idLow[link], transaction, peer, this.#next)
    tally.sent(Choice.Announce, bytes, dueAt, now)
    tally.event(this.#next.event, dueAt)
  }

  /** A peer that nobody has seen before. */
  #stranger(torrent: number, link: number, slot: number, dueAt: number, now: number): void {
    const { links, plan, random, tally } = this.#state
    draw(plan.seeders, random, this.#next)
    const transaction = this.#claim(Choice.Announce, link, 0, dueAt)
    const { idHigh, idLow } = links
    const bytes = this.#writer.stranger(slot, idHigh[link], idLow[link], transaction, torrent, random, this.#next)
    tally.sent(Choice.Announce, bytes, dueAt, now)
    if (tally.isMeasured(dueAt)) tally.counts[LOAD_COUNTS.hostileSent]++
  }

  /** Nobody waits for a reply to these. */
  #unanswered(choice: number, link: number, slot: number): void {
    const { peers, phase, plan, random, tally } = this.#state
    if (choice === Choice.Garbage) this.#writer.garbage(slot, random)
    else {
      draw(plan.seeders, random, this.#next)
      const peer = peers.choose(link, random)
      this.#writer.announce(slot, random.word(), random.word(), random.word(), peer, this.#next)
    }
    if (phase === LoadPhase.Measure) tally.counts[LOAD_COUNTS.hostileSent]++
  }

  /** Returns the transaction id. If the table is full the request will be lost, whatever becomes of it. */
  #claim(kind: number, link: number, detail: number, dueAt: number): number {
    const { links, pending } = this.#state
    const place = pending.claim(dueAt, kind, link, detail)
    if (place < 0) return 0
    links.inFlight[link]++
    return pending.transactions[place]
  }
}
