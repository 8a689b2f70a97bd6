import { describe, expect, it } from '@jest/globals'
import { Lifecycle } from '../../../src/config/process/lifecycle.ts'

describe('a lifecycle', () => {
  it('stops what was started in reverse order, one after another', async () => {
    const lifecycle = new Lifecycle()
    const events: string[] = []
    lifecycle.add('first', () => void events.push('first'))
    lifecycle.add('second', async () => {
      events.push('second begins')
      await new Promise((resolve) => setImmediate(resolve))
      events.push('second ends')
    })
    expect(await lifecycle.stop(10_000)).toEqual([])
    expect(events).toEqual(['second begins', 'second ends', 'first'])
  })

  it('reports what does not stop before the deadline, and stops the rest anyway', async () => {
    const lifecycle = new Lifecycle()
    let isStopped = false
    lifecycle.add('a door', () => {
      isStopped = true
    })
    lifecycle.add('a mule', () => new Promise(() => {}))
    expect(await lifecycle.stop(20)).toEqual(['a mule'])
    expect(isStopped).toBe(true)
  })

  it('reports what fails to stop', async () => {
    const lifecycle = new Lifecycle()
    lifecycle.add('a database', () => Promise.reject(new Error('gone')))
    lifecycle.add('a socket', () => {
      throw new Error('closed already')
    })
    expect(await lifecycle.stop(10_000)).toEqual(['a socket', 'a database'])
  })

  it('stops everything only once', async () => {
    const lifecycle = new Lifecycle()
    let stops = 0
    lifecycle.add('a timer', () => void stops++)
    await lifecycle.stop(1000)
    await lifecycle.stop(1000)
    expect(stops).toBe(1)
  })
})
