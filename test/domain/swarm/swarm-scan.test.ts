import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { infoHashFromWords } from '../../../src/domain/info-hash.ts'
import { Shard } from '../../../src/domain/swarm/layout.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { SwarmScan } from '../../../src/domain/swarm/swarm-scan.ts'
import { anAnnounce, aReply, fillRequest, hashWords, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { aRegistry } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, n: number, event: AnnounceEvent = AnnounceEvent.None): void {
  registry.announce(fillRequest(request, anAnnounce({ infoHash: twentyBytes(n), numwant: 0, event })), reply)
}

/** A whole scan; `between` is called after each slice. */
function walk(registry: SwarmRegistry, between: () => void = () => {}): string[] {
  const scan = new SwarmScan(registry.memory)
  const seen: string[] = []
  while (!scan.slice((words, torrent) => seen.push(infoHashFromWords(words, torrent)))) between()
  return seen
}

describe('a scan', () => {
  it('visits every torrent once, scan after scan', () => {
    const registry = aRegistry()
    for (let n = 1; n <= 5_000; n++) announce(registry, n)
    const scan = new SwarmScan(registry.memory)
    for (let round = 0; round < 2; round++) {
      const seen: string[] = []
      while (!scan.slice((words, torrent) => seen.push(infoHashFromWords(words, torrent))));
      expect(seen).toHaveLength(5_000)
      expect(new Set(seen)).toEqual(new Set(Array.from({ length: 5_000 }, (_, n) => twentyBytes(n + 1))))
    }
  })

  it('visits at most a few hundred torrents per slice, however many exist', () => {
    const registry = aRegistry()
    for (let n = 1; n <= 60_000; n++) registry.remember(hashWords(twentyBytes(n)), 0, 1)
    const scan = new SwarmScan(registry.memory)
    let max = 0
    let isLast = false
    while (!isLast) {
      let shown = 0
      isLast = scan.slice(() => shown++)
      max = Math.max(max, shown)
    }
    expect(max).toBeGreaterThan(100)
    expect(max).toBeLessThan(300)
  })

  it('visits those that stay once, whatever is added and removed between the slices', () => {
    const registry = aRegistry()
    for (let n = 1; n <= 2_000; n++) announce(registry, n)
    let n = 0
    const seen = walk(registry, () => {
      n++
      // The upper thousand is removed, another thousand is added.
      for (let i = 0; i < 5; i++) {
        announce(registry, 1_001 + ((n * 5 + i) % 1_000), AnnounceEvent.Stopped)
        announce(registry, 10_000 + n * 5 + i)
      }
    })
    const stayed = seen.filter((hash) => Number.parseInt(hash.slice(0, 8), 16) <= 1_000)
    expect(stayed.toSorted()).toEqual(Array.from({ length: 1_000 }, (_, i) => twentyBytes(i + 1)))
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('holds the lock during a visit, and releases it even if the visitor throws', () => {
    const registry = aRegistry()
    announce(registry, 1)
    const shard = registry.index.shardOf(registry.index.slotOf(hashWords(twentyBytes(1)), 0))
    const scan = new SwarmScan(registry.memory)
    const throwing = (words: Int32Array): void => {
      throw new Error(`lock ${words[shard + Shard.Lock]}`)
    }
    expect(() => {
      while (!scan.slice(throwing));
    }).toThrow('lock 1')
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})
