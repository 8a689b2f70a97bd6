// The administration of lists, keys and bans fulfils the contracts of its ports, over stores in memory.

import { KeyRing } from '../../../src/application/access/key-ring.ts'
import { TableRoom } from '../../../src/application/access/table-room.ts'
import { TorrentListKeeper } from '../../../src/application/access/torrent-list-keeper.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { TableHead } from '../../../src/domain/access/layout.ts'
import { Mark, TorrentMarks } from '../../../src/domain/access/torrent-marks.ts'
import { banAdminContract } from '../../contracts/ban-admin-contract.ts'
import { keyAdminContract } from '../../contracts/key-admin-contract.ts'
import { torrentListAdminContract } from '../../contracts/torrent-list-admin-contract.ts'
import { ManualTimer } from '../../fakes/manual-timer.ts'
import { MemoryKeyStore } from '../../fakes/memory-key-store.ts'
import { MemoryTorrentListStore } from '../../fakes/memory-torrent-list-store.ts'
import { ShortPause } from '../../fakes/short-pause.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'
import { anAccessMemory } from '../../model/access.ts'
import { bansInMemory } from '../../model/bans.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

/** As the contracts require. */
const ROOM = 10
const NOW = 1_700_000_000

for (const mark of [Mark.Listed, Mark.Blocked]) {
  torrentListAdminContract(mark === Mark.Listed ? 'the whitelist' : 'the blocklist', async () => {
    const marks = new TorrentMarks(anAccessMemory({ torrents: ROOM }))
    const room = new TableRoom(ROOM, () => marks.table.head(TableHead.Records), 'limits.max_listed_torrents')
    const store = new MemoryTorrentListStore()
    const admin = new TorrentListKeeper(
      store,
      { marks, mark, room },
      { pause: new ShortPause(), timer: new ManualTimer() },
    )
    const makeUnavailable = () => {
      store.isUnavailable = true
    }
    return { admin, makeUnavailable: makeUnavailable }
  })
}

banAdminContract('the ban keeper', async () => {
  const { keeper, store } = bansInMemory(undefined, ROOM)
  const makeUnavailable = async () => {
    store.isUnavailable = true
  }
  return { store: keeper, makeUnavailable, close: async () => {} }
})

keyAdminContract('the key ring', NOW, async () => {
  const random = new SeededRandom(7)
  const table = new KeyTable(anAccessMemory({ keys: ROOM }))
  const room = new TableRoom(ROOM, () => table.count, 'limits.max_keys')
  const store = new MemoryKeyStore()
  const randomness = { bytes: (count: number) => Uint8Array.from({ length: count }, () => random.below(256)) }
  const dependencies = { clock: new StoppedClock(NOW), randomness, pause: new ShortPause(), timer: new ManualTimer() }
  const makeUnavailable = () => {
    store.isUnavailable = true
  }
  return { admin: new KeyRing(store, { table, room }, dependencies), makeUnavailable: makeUnavailable }
})
