// The file itself: its permissions, the files next to it, and how invalid files are handled.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { FileSnapshotStore } from '../../../../src/adapters/outbound/snapshot/file-snapshot-store.ts'
import { ACCEPTED, aSnapshot, HEADER, stored } from './a-snapshot.ts'

let folder: string
let path: string
let store: FileSnapshotStore
const snapshot = aSnapshot(3)
function save() {
  return store.save(HEADER, stored(snapshot), () => snapshot.counts)
}

/** The reason of a refusal; undefined without a snapshot. */
async function reason() {
  const opened = await store.open(ACCEPTED)
  if (opened?.kind === 'opened') await opened.close()
  return opened?.kind === 'refused' ? opened.reason : opened?.kind
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
  path = join(folder, 'swarms.snapshot')
  store = new FileSnapshotStore(path)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a snapshot file', () => {
  it('is private, of the reported size, and the only file', async () => {
    const bytes = await save()
    const { mode, size } = statSync(path)
    expect([mode & 0o777, size]).toEqual([0o600, bytes])
    expect(readdirSync(folder)).toEqual(['swarms.snapshot'])
  })

  it('removes abandoned drafts, and keeps those that may be in use', async () => {
    const [old, fresh, other] = ['swarms.snapshot.1.draft', 'swarms.snapshot.2.draft', 'other.1.draft']
    for (const name of [old, fresh, other]) writeFileSync(join(folder, name), 'x')
    for (const name of [old, other]) utimesSync(join(folder, name), 1, 1)
    await save()
    expect(readdirSync(folder).toSorted()).toEqual([other, 'swarms.snapshot', fresh].toSorted())
  })

  it('removes a draft that was abandoned before the clock was set back', async () => {
    const draft = join(folder, 'swarms.snapshot.1.draft')
    writeFileSync(draft, 'x')
    const tomorrow = Date.now() / 1000 + 86_400
    utimesSync(draft, tomorrow, tomorrow)
    await save()
    expect(readdirSync(folder)).toEqual(['swarms.snapshot'])
  })

  it('leaves no draft behind when the rename fails', async () => {
    mkdirSync(join(path, 'in the way'), { recursive: true })
    await expect(save()).rejects.toThrow()
    expect(readdirSync(folder)).toEqual(['swarms.snapshot'])
    expect(await reason()).toBe('it is not a file')
  })

  it('is rejected wherever a byte has changed', async () => {
    await save()
    const whole = readFileSync(path)
    const places = [0, 7, 8, 12, 16, 20, 24, 31, 40, 60, 63, 64, 67, 68, 71, 72, 76, whole.length - 1]
    for (let at = 100; at < whole.length; at += 9_973) places.push(at)
    for (let back = 2; back <= 24; back++) places.push(whole.length - back)
    for (const at of places) {
      const damaged = Buffer.from(whole)
      damaged[at] ^= 0x10
      writeFileSync(path, damaged)
      expect([at, await reason()]).not.toEqual([at, 'opened'])
    }
    writeFileSync(path, whole)
    expect(await reason()).toBe('opened')
  })

  it('is rejected when it is too short or too long', async () => {
    await save()
    const whole = readFileSync(path)
    for (const length of [0, 1, 63, 64, 70, 72, 76, 5000, whole.length - 24, whole.length - 16, whole.length - 1]) {
      truncateSync(path, length)
      expect([length, await reason()]).toEqual([length, 'it is incomplete'])
      writeFileSync(path, whole)
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.from([0])]))
    expect(await reason()).toBe('it is damaged')
  })

  it('is rejected when something else is in its place', async () => {
    writeFileSync(path, Buffer.alloc(10_000, 'swarm'))
    expect(await reason()).toBe('it is not a snapshot')
    rmSync(path)
    mkdirSync(path)
    expect(await reason()).toBe('it is not a file')
  })

  it('is removed when all peers in it have expired', async () => {
    await save()
    const opened = await store.open({ ...ACCEPTED, oldestSeconds: HEADER.writtenAtSeconds + 1 })
    expect(opened).toMatchObject({ kind: 'refused', reason: expect.stringContaining('all peers in it have expired') })
    expect(readdirSync(folder)).toEqual([])
  })

  it('fails with an error when it is truncated while being read', async () => {
    await save()
    const opened = await store.open(ACCEPTED)
    if (opened?.kind !== 'opened') throw new Error('refused')
    truncateSync(path, 100_000)
    await expect(
      (async () => {
        for await (const _ of opened.chunks());
      })(),
    ).rejects.toThrow('has changed')
    await opened.close()
  })
})
