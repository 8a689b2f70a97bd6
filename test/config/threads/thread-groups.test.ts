import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import type { Settings } from '../../../src/config/settings/settings.ts'
import { threadCounts } from '../../../src/config/threads/thread-groups.ts'

const builtIn = async (threads?: Settings['threads']): Promise<Settings> => {
  const { settings } = await readSettings(undefined, { env: {}, readFile: () => '' })
  return threads === undefined ? settings : { ...settings, threads }
}

describe('the number of threads', () => {
  it.each([
    [1, 1, 1],
    [2, 1, 1],
    [4, 2, 1],
    [8, 4, 2],
    [64, 32, 16],
  ])('follows %i cores when left to the tracker: %i for UDP, %i for HTTP', async (cores, udp, http) => {
    expect(threadCounts(await builtIn(), cores)).toEqual({ udp, http })
  })

  it('is what the operator says', async () => {
    expect(threadCounts(await builtIn({ udp: 3, http: 5 }), 2)).toEqual({ udp: 3, http: 5 })
  })

  it('is none for a protocol without listeners', async () => {
    const settings = await builtIn({ udp: 3, http: 'auto' })
    expect(threadCounts({ ...settings, udpListeners: [] }, 8)).toEqual({ udp: 0, http: 2 })
    expect(threadCounts({ ...settings, httpListeners: [] }, 8)).toEqual({ udp: 3, http: 0 })
  })
})
