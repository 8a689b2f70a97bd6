import { describe, expect, it } from '@jest/globals'
import { KeyRing } from '../../../src/application/access/key-ring.ts'
import { TableRoom } from '../../../src/application/access/table-room.ts'
import { TorrentListKeeper } from '../../../src/application/access/torrent-list-keeper.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { TableHead } from '../../../src/domain/access/layout.ts'
import { Mark, TorrentMarks } from '../../../src/domain/access/torrent-marks.ts'
import { ACCESS_KEY_WORDS, accessKeyToWords } from '../../../src/domain/access-key.ts'
import type { StoredKey } from '../../../src/domain/ports/outbound/key-store.ts'
import type { ListEntry } from '../../../src/domain/ports/outbound/torrent-list-store.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { ManualTimer } from '../../fakes/manual-timer.ts'
import { MemoryKeyStore } from '../../fakes/memory-key-store.ts'
import { MemoryTorrentListStore } from '../../fakes/memory-torrent-list-store.ts'
import { ShortPause } from '../../fakes/short-pause.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'
import { aKey, anInfoHash } from '../../fixtures/hashes.ts'
import { anAccessMemory } from '../../model/access.ts'
import { hashWords } from '../../model/announcing.ts'

const NOW = 1_700_000_000
const UNAVAILABLE = { code: 'store-unavailable' }
function lost() {
  return new Refusal('store-unavailable', 'the connection broke before the answer came')
}

/** Carries out each operation, and can lose the acknowledgement. */
class ForgetfulKeyStore extends MemoryKeyStore {
  losesAnswers = false

  override async remove(id: number): Promise<StoredKey | undefined> {
    const removed = await super.remove(id)
    if (this.losesAnswers) throw lost()
    return removed
  }
}

class ForgetfulListStore extends MemoryTorrentListStore {
  losesAnswers = false

  override async add(entries: readonly ListEntry[]) {
    const added = await super.add(entries)
    if (this.losesAnswers) throw lost()
    return added
  }
}

describe('a write whose acknowledgement was lost', () => {
  it('removes a key before anything else is answered', async () => {
    const table = new KeyTable(anAccessMemory({ keys: 10 }))
    const store = new ForgetfulKeyStore()
    const dependencies = {
      clock: new StoppedClock(NOW),
      randomness: { bytes: (n: number) => new Uint8Array(n) },
      pause: new ShortPause(),
      timer: new ManualTimer(),
    }
    const ring = new KeyRing(
      store,
      { table, room: new TableRoom(10, () => table.count, 'limits.max_keys') },
      dependencies,
    )
    const words = new Int32Array(ACCESS_KEY_WORDS)
    accessKeyToWords(aKey(1), words, 0)
    const { id } = await ring.add(aKey(1), undefined)
    await ring.add(aKey(2), undefined)
    store.losesAnswers = true
    await expect(ring.revoke(id)).rejects.toMatchObject(UNAVAILABLE)
    store.losesAnswers = false
    store.isUnavailable = true
    await expect(ring.count()).rejects.toMatchObject(UNAVAILABLE)
    expect(table.isValid(words, NOW, true)).toBe(true)
    store.isUnavailable = false
    expect(await Promise.all([ring.count(), ring.count()])).toEqual([1, 1])
    expect(table.isValid(words, NOW, true)).toBe(false)
    await expect(ring.revoke(id)).rejects.toMatchObject({ code: 'not-there' })
    expect(table.count).toBe(1)
  })

  it('puts a torrent on the list before anything else is answered', async () => {
    const marks = new TorrentMarks(anAccessMemory({ torrents: 10 }))
    const room = new TableRoom(10, () => marks.table.head(TableHead.Records), 'limits.max_listed_torrents')
    const store = new ForgetfulListStore()
    const list = new TorrentListKeeper(
      store,
      { marks, mark: Mark.Listed, room },
      { pause: new ShortPause(), timer: new ManualTimer() },
    )
    store.losesAnswers = true
    await expect(list.add([{ infoHash: anInfoHash(1) }])).rejects.toMatchObject(UNAVAILABLE)
    store.losesAnswers = false
    expect(marks.marksOf(hashWords(anInfoHash(1)), 0)).toBe(0)
    expect(await list.add([{ infoHash: anInfoHash(2) }])).toEqual([anInfoHash(2)])
    expect(marks.marksOf(hashWords(anInfoHash(1)), 0)).toBe(Mark.Listed)
  })
})
