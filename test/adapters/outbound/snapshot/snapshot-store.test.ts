// The contract of snapshot stores, for the file and for the fake.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { FileSnapshotStore } from '../../../../src/adapters/outbound/snapshot/file-snapshot-store.ts'
import type { SnapshotStore } from '../../../../src/domain/ports/outbound/snapshot-store.ts'
import { MemorySnapshotStore } from '../../../fakes/memory-snapshot-store.ts'
import { ACCEPTED, aSnapshot, HEADER, stored, wordsOf } from './a-snapshot.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const makers: readonly [string, () => SnapshotStore][] = [
  ['a file', () => new FileSnapshotStore(join(folder, 'deep', `${++files}.snapshot`))],
  ['the fake', () => new MemorySnapshotStore()],
]

describe.each(makers)('%s', (_name, make) => {
  it('is empty at first', async () => {
    expect(await make().open(ACCEPTED)).toBeUndefined()
  })

  it.each([0, 1, 7])('returns %i chunks unchanged, as often as they are read', async (count) => {
    const store = make()
    const snapshot = aSnapshot(count)
    expect(await store.save(HEADER, stored(snapshot), () => snapshot.counts)).toBeGreaterThanOrEqual(0)
    const opened = await store.open(ACCEPTED)
    if (opened?.kind !== 'opened') throw new Error('refused')
    expect([opened.header, opened.counts]).toEqual([HEADER, snapshot.counts])
    expect(await wordsOf(opened)).toEqual(snapshot.words)
    expect(await wordsOf(opened)).toEqual(snapshot.words)
    await opened.close()
  })

  it('keeps the last one, and the previous one for readers that have it open', async () => {
    const store = make()
    const [first, second] = [aSnapshot(2), aSnapshot(3)]
    await store.save(HEADER, stored(first), () => first.counts)
    const opened = await store.open(ACCEPTED)
    await store.save(HEADER, stored(second), () => second.counts)
    const reopened = await store.open(ACCEPTED)
    if (opened?.kind !== 'opened' || reopened?.kind !== 'opened') throw new Error('refused')
    expect(await wordsOf(opened)).toEqual(first.words)
    expect(await wordsOf(reopened)).toEqual(second.words)
    await opened.close()
    await reopened.close()
  })

  it('rejects with the error that ends the chunks early, and keeps the previous one', async () => {
    const store = make()
    const first = aSnapshot(2)
    await store.save(HEADER, stored(first), () => first.counts)
    const failing = (async function* () {
      yield Int32Array.of(1)
      throw new Error('no more')
    })()
    await expect(store.save(HEADER, failing, () => first.counts)).rejects.toThrow('no more')
    const opened = await store.open(ACCEPTED)
    if (opened?.kind !== 'opened') throw new Error('refused')
    expect(await wordsOf(opened)).toEqual(first.words)
    await opened.close()
  })

  it('opens a snapshot from the future, because the clock has been set back', async () => {
    const store = make()
    const snapshot = aSnapshot(1)
    await store.save(HEADER, stored(snapshot), () => snapshot.counts)
    const opened = await store.open({ ...ACCEPTED, oldestSeconds: HEADER.writtenAtSeconds - 10 ** 9 })
    if (opened?.kind !== 'opened') throw new Error('refused')
    expect(opened.header).toEqual(HEADER)
    await opened.close()
  })

  it('rejects another format or an older one', async () => {
    const store = make()
    const snapshot = aSnapshot(1)
    await store.save(HEADER, stored(snapshot), () => snapshot.counts)
    for (const wanted of [
      { ...ACCEPTED, format: 2 },
      { ...ACCEPTED, oldestSeconds: HEADER.writtenAtSeconds + 1 },
    ]) {
      expect(await store.open(wanted)).toEqual({ kind: 'refused', reason: expect.any(String) })
    }
    // A snapshot that is too old has been removed.
    expect(await store.open(ACCEPTED)).toBeUndefined()
  })
})
