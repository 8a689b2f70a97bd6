import { describe, expect, it } from '@jest/globals'
import { DatabaseOpenError } from '../../../src/adapters/outbound/persistence/database-open-error.ts'
import { awaitDatabase } from '../../../src/config/database/await-database.ts'

/** Time passes only while waiting. */
function aWait() {
  const pauses: number[] = []
  const notes: string[] = []
  const waiting = {
    nowMilliseconds: () => pauses.reduce((sum, milliseconds) => sum + milliseconds, 0),
    pause: async (milliseconds: number) => {
      pauses.push(milliseconds)
    },
    away: ({ message }: DatabaseOpenError) => notes.push(message),
    there: () => notes.push('there'),
  }
  return { pauses, notes, waiting }
}

const away = new DatabaseOpenError('it', 'no answer', { isTransient: true })

describe('a database that is unavailable at start', () => {
  it('is used once it is available, after two reports', async () => {
    const { pauses, notes, waiting } = aWait()
    let attempts = 0
    const open = async () => {
      if (++attempts < 7) throw away
      return 'database'
    }
    expect(await awaitDatabase(open, waiting)).toBe('database')
    expect(pauses).toEqual([1000, 2000, 4000, 5000, 5000, 5000])
    expect(notes).toEqual([away.message, 'there'])
  })

  it('is given up after a minute', async () => {
    const { pauses, notes, waiting } = aWait()
    await expect(awaitDatabase(() => Promise.reject(away), waiting)).rejects.toBe(away)
    expect(pauses.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBe(57_000)
    expect(notes).toEqual([away.message])
  })

  it('is not waited for if the error needs an operator', async () => {
    const { pauses, notes, waiting } = aWait()
    const broken = new DatabaseOpenError('it', 'no such user')
    await expect(awaitDatabase(() => Promise.reject(broken), waiting)).rejects.toBe(broken)
    expect([pauses, notes]).toEqual([[], []])
  })

  it('is no longer waited for once the tracker must stop', async () => {
    const { waiting } = aWait()
    const stopped = new Error('stopped')
    const pause = () => Promise.reject(stopped)
    await expect(awaitDatabase(() => Promise.reject(away), { ...waiting, pause })).rejects.toBe(stopped)
  })
})
