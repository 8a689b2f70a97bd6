// Bans over a store in memory, and the table that the listeners read.

import { BanKeeper } from '../../src/application/access/ban-keeper.ts'
import { BannedAddresses } from '../../src/application/access/banned-addresses.ts'
import { TableRoom } from '../../src/application/access/table-room.ts'
import { BanTable } from '../../src/domain/access/ban-table.ts'
import { Family } from '../../src/domain/announce.ts'
import type { BanStore } from '../../src/domain/ports/outbound/ban-store.ts'
import type { WallClock } from '../../src/domain/ports/outbound/wall-clock.ts'
import { ManualTimer } from '../fakes/manual-timer.ts'
import { MemoryBanStore } from '../fakes/memory-ban-store.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { aBanRange } from '../fixtures/ban-ranges.ts'
import { anAccessMemory } from './access.ts'

/** The administration of an empty table with so much room. */
export function bansOver(store: BanStore, clock: WallClock, capacity: number) {
  const memory = anAccessMemory({ bans: capacity })
  const table = new BanTable(memory)
  const room = new TableRoom(capacity, () => table.count, 'limits.max_bans')
  const dependencies = { clock, pause: new ShortPause(), timer: new ManualTimer() }
  return { memory, table, keeper: new BanKeeper(store, { table, room }, dependencies) }
}

export function bansInMemory(clock = new StoppedClock(1_800_000_000), capacity = 1000) {
  const store = new MemoryBanStore()
  const { memory, table, keeper } = bansOver(store, clock, capacity)
  // As another thread sees it.
  const bans = new BannedAddresses(new BanTable(memory), clock)
  const isBanned = (address: string): boolean => {
    const { bytes } = aBanRange(address)
    const words = new Int32Array(4)
    new Uint8Array(words.buffer).set(bytes)
    return bans.isBanned(bytes.length === 4 ? Family.IPv4 : Family.IPv6, words, 0)
  }
  return { keeper, store, table, bans, isBanned, clock }
}
