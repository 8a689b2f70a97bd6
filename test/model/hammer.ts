// A worker thread that plays its own peers on shared swarms. Its moves depend only on its number, so that the naive
// model can play them afterwards, one thread after the other: peers of different threads never touch each other.

import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { AnnounceEvent, type AnnounceReply, AnnounceRequest } from '../../src/domain/announce.ts'
import { acquire, release } from '../../src/domain/swarm/lock.ts'
import { SwarmMemory } from '../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { Sweeper } from '../../src/domain/swarm/sweeper.ts'
import { Verdict } from '../../src/domain/verdict.ts'
import { type Announcing, anEndpoint, aReply, endpointsIn, fillRequest, twentyBytes } from './announcing.ts'
import { SeededRandom } from './seeded-random.ts'

export const HAMMER_EPOCH = 1_000_000
/** Peers last seen at this time are left for the sweeper. */
export const LONG_AGO = HAMMER_EPOCH + 10
const NOW = HAMMER_EPOCH + 1000
const BATCH = 16

/** A thread's task: play announces, sweep until the others are done, or count under a lock. */
export interface HammerOptions {
  readonly task: 'announce' | 'sweep' | 'count'
  readonly swarms: SharedArrayBuffer
  /** Words: threads that are ready, threads that are done, a lock, what it guards. */
  readonly barrier: SharedArrayBuffer
  readonly thread: number
  readonly threads: number
  readonly steps: number
}
export const Barrier = { Ready: 0, Done: 1, Lock: 16, Guarded: 32 } as const

/** What the thread announces, step by step. */
export function* movesOf(thread: number, steps: number): Generator<Announcing> {
  const random = new SeededRandom(thread)
  for (let step = 0; step < steps; step++) {
    const client = random.below(400)
    const isOld = client % 4 === 0
    const isStop = !isOld && random.oneIn(4)
    const address =
      random.oneIn(4) && client < 200
        ? [0x20, 1, ...new Array(11).fill(0), thread, client >> 8, client & 0xff]
        : [20, thread, client >> 8, client & 0xff]
    yield {
      infoHash: twentyBytes(random.below(5)),
      peerId: twentyBytes((thread << 16) | client),
      endpoint: anEndpoint(address, 7000 + random.below(2)),
      key: client < 100 ? client + 1 : 0,
      event: isStop ? AnnounceEvent.Stopped : isOld ? AnnounceEvent.Paused : random.pick([0, 1, 2, 4] as const),
      left: isOld ? 1n : BigInt(random.below(2)),
      uploaded: BigInt(thread),
      downloaded: BigInt(step),
      numwant: random.below(60),
      wantsBothFamilies: random.oneIn(2),
      wantsPeerIds: true,
      nowSeconds: isOld ? LONG_AGO : NOW,
    }
  }
}

/** Plays the moves, in batches that the registry prefetches; returns how many replies were malformed. */
function announce(options: HammerOptions): number {
  const registry = new SwarmRegistry(new SwarmMemory(options.swarms), 20_000, options.thread + 1)
  const requests = Array.from({ length: BATCH }, () => new AnnounceRequest())
  const reply = aReply(60)
  const moves = [...movesOf(options.thread, options.steps)]
  let wrong = 0
  for (let first = 0; first < moves.length; first += BATCH) {
    const batch = moves.slice(first, first + BATCH)
    batch.forEach((move, i) => {
      fillRequest(requests[i], move)
    })
    registry.prefetch(requests, batch.length)
    batch.forEach((move, i) => {
      const verdict = registry.announce(requests[i], reply)
      if (verdict !== Verdict.Served || !isWellFormed(reply, move)) wrong++
    })
  }
  return wrong
}

/** A reply holds whole endpoints of this game, each once, never the requester's, and no more than were wanted. */
function isWellFormed(reply: AnnounceReply, move: Announcing): boolean {
  const names = [...endpointsIn(reply.ipv4, 0), ...endpointsIn(reply.ipv6, 1)]
  return (
    names.length <= move.numwant &&
    new Set(names).size === names.length &&
    !names.includes(move.endpoint.name) &&
    names.every((name) => /^(140|2001(00){11})[0-9a-f]+1b5[89]$/.test(name))
  )
}

function sweepUntilDone(options: HammerOptions, barrier: Int32Array): number {
  const sweeper = new Sweeper(new SwarmRegistry(new SwarmMemory(options.swarms), 20_000, 99))
  while (Atomics.load(barrier, Barrier.Done) < options.threads - 1) sweeper.slice(LONG_AGO, false)
  return 0
}

/** Adds without atomics, which is correct only under a lock; returns how often another thread was inside. */
function count(options: HammerOptions, barrier: Int32Array): number {
  let intrusions = 0
  for (let step = 0; step < options.steps; step++) {
    acquire(barrier, Barrier.Lock)
    const before = barrier[Barrier.Guarded]
    barrier[Barrier.Guarded + 1] = options.thread
    for (let work = 0; work < 20; work++) barrier[Barrier.Guarded + 2] = work
    if (barrier[Barrier.Guarded + 1] !== options.thread) intrusions++
    barrier[Barrier.Guarded] = before + 1
    release(barrier, Barrier.Lock)
  }
  return intrusions
}

/** Lets all threads begin at once. */
function awaitBarrier(options: HammerOptions, barrier: Int32Array): void {
  Atomics.add(barrier, Barrier.Ready, 1)
  Atomics.notify(barrier, Barrier.Ready)
  for (let ready = 0; ready < options.threads; ready = Atomics.load(barrier, Barrier.Ready)) {
    Atomics.wait(barrier, Barrier.Ready, ready, 100)
  }
}

if (parentPort !== null && import.meta.url === pathToFileURL(workerData?.file ?? '/').href) {
  const options = workerData as HammerOptions
  const barrier = new Int32Array(options.barrier)
  awaitBarrier(options, barrier)
  const tasks = { announce, sweep: sweepUntilDone, count }
  const wrong = tasks[options.task](options, barrier)
  Atomics.add(barrier, Barrier.Done, 1)
  parentPort.postMessage(wrong)
}
