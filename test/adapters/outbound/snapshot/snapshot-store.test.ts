// What every store of snapshots must do, done by the file and by the fake.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { FileSnapshotStore } from '../../../../src/adapters/outbound/snapshot/file-snapshot-store.ts'
import type { SnapshotStore } from '../../../../src/domain/ports/outbound/snapshot-store.ts'
import { MemorySnapshotStore } from '../../../fakes/memory-snapshot-store.ts'
import { aSnapshot, FACTS, stored, WANTED, wordsOf } from './a-snapshot.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const makers: readonly [string, () => SnapshotStore][] = [
  ['a file', () => new FileSnapshotStore(join(folder, 'deep', `${++files}.snapshot`))],
  ['the fake', () => new MemorySnapshotStore()],
]

describe.each(makers)('%s', (_name, make) => {
  it('has nothing at first', async () => {
    expect(await make().open(WANTED)).toBeUndefined()
  })

  it.each([0, 1, 7])('gives back %i chunks as they were, as often as it is asked', async (count) => {
    const store = make()
    const snapshot = aSnapshot(count)
    expect(await store.save(FACTS, stored(snapshot), () => snapshot.counts)).toBeGreaterThanOrEqual(0)
    const opened = await store.open(WANTED)
    if (opened?.kind !== 'opened') throw new Error('refused')
    expect([opened.header, opened.counts]).toEqual([FACTS, snapshot.counts])
    expect(await wordsOf(opened)).toEqual(snapshot.words)
    expect(await wordsOf(opened)).toEqual(snapshot.words)
    await opened.close()
  })

  it('keeps the last one, and the one before for who has opened it', async () => {
    const store = make()
    const [first, second] = [aSnapshot(2), aSnapshot(3)]
    await store.save(FACTS, stored(first), () => first.counts)
    const opened = await store.open(WANTED)
    await store.save(FACTS, stored(second), () => second.counts)
    const reopened = await store.open(WANTED)
    if (opened?.kind !== 'opened' || reopened?.kind !== 'opened') throw new Error('refused')
    expect(await wordsOf(opened)).toEqual(first.words)
    expect(await wordsOf(reopened)).toEqual(second.words)
    await opened.close()
    await reopened.close()
  })

  it('rejects with what ends the chunks early, and keeps the one before', async () => {
    const store = make()
    const first = aSnapshot(2)
    await store.save(FACTS, stored(first), () => first.counts)
    const failing = (async function* () {
      yield Int32Array.of(1)
      throw new Error('no more')
    })()
    await expect(store.save(FACTS, failing, () => first.counts)).rejects.toThrow('no more')
    const opened = await store.open(WANTED)
    if (opened?.kind !== 'opened') throw new Error('refused')
    expect(await wordsOf(opened)).toEqual(first.words)
    await opened.close()
  })

  it('refuses what is of another form or time', async () => {
    const store = make()
    const snapshot = aSnapshot(1)
    await store.save(FACTS, stored(snapshot), () => snapshot.counts)
    for (const wanted of [
      { ...WANTED, format: 2 },
      { ...WANTED, newestSeconds: FACTS.writtenAtSeconds - 1 },
      { ...WANTED, oldestSeconds: FACTS.writtenAtSeconds + 1 },
    ]) {
      expect(await store.open(wanted)).toEqual({ kind: 'refused', reason: expect.any(String) })
    }
    // What is too old is not kept.
    expect(await store.open(WANTED)).toBeUndefined()
  })
})
