// What the log says about saved swarms, and what a stop reports.

import { describe, expect, it } from '@jest/globals'
import { SwarmKeeping } from '../../../src/config/services/swarm-persistence.ts'
import { Bindings } from '../../../src/config/wiring/bindings.ts'
import { type SnapshotLoaded, type SnapshotRefused, Snapshots } from '../../../src/domain/ports/inbound/snapshots.ts'

const SETTINGS = { isEnabled: true, file: 'swarms.snapshot', intervalSeconds: 0 }
const LOADED: SnapshotLoaded = {
  kind: 'loaded',
  writtenAtSeconds: 1,
  aheadSeconds: 0,
  torrents: 2,
  peers: 3,
  expired: 0,
  outdated: 0,
  unwanted: 0,
  withoutRoom: 0,
  brokenOff: undefined,
}

function keeping(
  load: SnapshotLoaded | SnapshotRefused,
  save: Snapshots['save'] = () => Promise.reject(new Error('full')),
) {
  const lines: unknown[][] = []
  const bindings = new Bindings().bind(Snapshots, () => ({ load: async () => load, save }))
  return { lines, swarms: new SwarmKeeping(SETTINGS, bindings.get, { log: (...line) => lines.push(line) }) }
}

describe('saved swarms', () => {
  it('are loaded, in part, or not at all, and the log tells which', async () => {
    const figures = { writtenAtSeconds: 1, torrents: 2, peers: 3 }
    for (const [outcome, line] of [
      [LOADED, ['info', 'SNAPSHOT', 'swarms loaded', expect.objectContaining(figures)]],
      [
        { ...LOADED, brokenOff: 'EIO' },
        [
          'warn',
          'SNAPSHOT',
          'only a part of the saved swarms could be loaded: EIO (swarms.snapshot)',
          expect.objectContaining(figures),
        ],
      ],
      [
        { kind: 'refused', reason: 'it is damaged' },
        ['warn', 'SNAPSHOT', 'saved swarms are not used: it is damaged (swarms.snapshot)', undefined],
      ],
    ] as const) {
      const { lines, swarms } = keeping(outcome)
      await swarms.load()
      expect(lines).toEqual([line])
    }
  })

  it('are loaded and saved in milliseconds with one digit after the point', async () => {
    const saved = Promise.withResolvers<void>()
    const { lines, swarms } = keeping(LOADED, async () => {
      saved.resolve()
      return { torrents: 0, peers: 0, bytes: 0 }
    })
    await swarms.load()
    swarms.save()
    swarms.start()
    await saved.promise
    await swarms.stop()
    const spent = lines.map(([, , , details]) => (details as { milliseconds: number }).milliseconds)
    expect(spent.length).toBeGreaterThanOrEqual(2)
    for (const milliseconds of spent) expect(String(milliseconds)).toMatch(/^\d+(?:\.\d)?$/)
  })

  it('that cannot be saved at the end make the stop fail, also if the log has said so before', async () => {
    const { lines, swarms } = keeping(LOADED)
    swarms.start()
    swarms.save()
    await expect(swarms.stop()).rejects.toThrow('full')
    expect(lines).toEqual([['error', 'SNAPSHOT', 'swarms cannot be saved: full']])
  })

  it('are saved as soon as they are worth it when that was asked for before', async () => {
    let saves = 0
    const saved = Promise.withResolvers<void>()
    const { swarms } = keeping(LOADED, async () => {
      saves++
      saved.resolve()
      return { torrents: 0, peers: 0, bytes: 0 }
    })
    swarms.save()
    expect(saves).toBe(0)
    swarms.start()
    await saved.promise
    expect(saves).toBe(1)
  })
})
