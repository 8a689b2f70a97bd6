// Saves and loads a swarm memory once, as the tracker does, and times each slice.

import { FileSnapshotStore } from '../../../src/adapters/outbound/snapshot/file-snapshot-store.ts'
import { SwarmSnapshots } from '../../../src/application/swarm-snapshots.ts'
import { PeerPolicy } from '../../../src/domain/peer-policy.ts'
import type { SnapshotLoaded, SnapshotSaved } from '../../../src/domain/ports/inbound/snapshots.ts'
import { SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { CoreWaits } from '../core-waits.ts'
import { NOW_SECONDS } from '../registry/workload.ts'

interface SliceFigures {
  readonly count: number
  readonly medianUs: number
  readonly p999Us: number
  readonly longestUs: number
  readonly longestRunningUs: number
  readonly runningOver200Us: number
}

export interface SaveFigures {
  readonly milliseconds: number
  readonly saved: SnapshotSaved
  readonly slices: SliceFigures
}

export interface LoadFigures {
  readonly milliseconds: number
  readonly loaded: SnapshotLoaded
}

/** Between two rests there is one slice, and sometimes the write of a chunk, which is not counted. */
class SliceTimes {
  readonly wall: number[] = []
  readonly running: number[] = []
  readonly #waits = new CoreWaits()
  #begun = Number.NaN
  #waited = 0

  readonly rest = async (): Promise<void> => {
    const wall = (performance.now() - this.#begun) * 1000
    if (!Number.isNaN(wall)) {
      this.wall.push(wall)
      this.running.push(wall - (this.#waits.microseconds() - this.#waited))
    }
    await new Promise((resolve) => setImmediate(resolve))
    this.#waited = this.#waits.microseconds()
    this.#begun = performance.now()
  }

  /** Excludes the time until the next rest. */
  readonly interrupt = (): void => {
    this.#begun = Number.NaN
  }

  figures(): SliceFigures {
    this.#waits.close()
    const sorted = this.wall.toSorted((a, b) => a - b)
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
    return {
      count: sorted.length,
      medianUs: at(0.5),
      p999Us: at(0.999),
      longestUs: at(1),
      longestRunningUs: this.running.reduce((max, value) => Math.max(max, value), 0),
      runningOver200Us: this.running.filter((value) => value > 200).length,
    }
  }
}

class TimedStore extends FileSnapshotStore {
  readonly #times: SliceTimes

  constructor(path: string, times: SliceTimes) {
    super(path)
    this.#times = times
  }

  override save(...[header, chunks, counts]: Parameters<FileSnapshotStore['save']>): Promise<number> {
    const interrupt = this.#times.interrupt
    const timed = (async function* () {
      for await (const chunk of chunks) {
        yield chunk
        interrupt()
      }
    })()
    return super.save(header, timed, counts)
  }
}

function snapshotsOf(buffer: SharedArrayBuffer, file: string, times: SliceTimes): SwarmSnapshots {
  const dependencies = {
    store: new TimedStore(file, times),
    clock: { steadySeconds: () => NOW_SECONDS },
    wallClock: { wallSeconds: () => NOW_SECONDS },
    pause: { rest: times.rest },
  }
  const registry = new SwarmRegistry(new SwarmMemory(buffer), 20_000, 77)
  const cleanUp = { peerTimeoutSeconds: 3000, dropsEmptyTorrents: true }
  return new SwarmSnapshots(registry, new PeerPolicy('scope', []), cleanUp, dependencies)
}

export async function measureSave(buffer: SharedArrayBuffer, file: string): Promise<SaveFigures> {
  const times = new SliceTimes()
  const snapshots = snapshotsOf(buffer, file, times)
  const begun = performance.now()
  const saved = await snapshots.save()
  return { milliseconds: performance.now() - begun, saved, slices: times.figures() }
}

export async function measureLoad(buffer: SharedArrayBuffer, file: string): Promise<LoadFigures> {
  const snapshots = snapshotsOf(buffer, file, new SliceTimes())
  const begun = performance.now()
  const loaded = await snapshots.load()
  if (loaded?.kind !== 'loaded') throw new Error(`not loaded: ${loaded?.reason ?? 'there is none'}`)
  return { milliseconds: performance.now() - begun, loaded }
}
