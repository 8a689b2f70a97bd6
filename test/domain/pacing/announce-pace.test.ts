import { describe, expect, it } from '@jest/globals'
import { AnnouncePace } from '../../../src/domain/pacing/announce-pace.ts'
import { createPaceMemory, PaceWord, writePace } from '../../../src/domain/pacing/pace-memory.ts'

const CONFIGURED = { intervalSeconds: 1800, minIntervalSeconds: 900, jitter: 0.2 }

function aPace(configured = CONFIGURED) {
  const memory = createPaceMemory()
  const words = new Int32Array(memory)
  const pace = new AnnouncePace(configured, memory)
  const write = (intervalSeconds: number, peerShare = 1, shedShare = 0) => {
    writePace(words, { intervalSeconds, peerShare, shedShare })
    pace.follow()
    return pace
  }
  return { memory, words, pace, write }
}

describe('the pace', () => {
  it('is the configured one until another is written', () => {
    const { pace } = aPace()
    pace.follow()
    expect(pace).toMatchObject({
      intervalSeconds: 1800,
      minIntervalSeconds: 900,
      spreadSeconds: 360,
      peerShare: 256,
      shedShare: 0,
    })
  })

  it('follows what is written, on every thread', () => {
    const { memory, write } = aPace()
    const expected = {
      intervalSeconds: 4000,
      minIntervalSeconds: 2000,
      spreadSeconds: 800,
      peerShare: 64,
      shedShare: 32_768,
    }
    expect(write(4000, 0.25, 0.5)).toMatchObject(expected)
    const other = new AnnouncePace(CONFIGURED, memory)
    other.follow()
    expect(other).toMatchObject(expected)
    expect(write(1800)).toMatchObject({ intervalSeconds: 1800, minIntervalSeconds: 900, peerShare: 256, shedShare: 0 })
  })

  it('is not read again unless it has changed', () => {
    const { words, write } = aPace()
    write(2000)
    const revision = words[PaceWord.Revision]
    write(2000)
    expect(words[PaceWord.Revision]).toBe(revision)
  })

  it.each([
    ['in proportion', { ...CONFIGURED, minIntervalSeconds: 600 }, 3600, 1200],
    ['not below five minutes', CONFIGURED, 400, 300],
    ['never above the interval', CONFIGURED, 200, 200],
    ['less than five minutes if configured so', { ...CONFIGURED, minIntervalSeconds: 120 }, 1800, 120],
    ['the interval itself if configured so', { ...CONFIGURED, minIntervalSeconds: 1800 }, 2345, 2345],
  ])('has the minimum %s', (_, configured, intervalSeconds, expected) => {
    expect(aPace(configured).write(intervalSeconds).minIntervalSeconds).toBe(expected)
  })
})
