import { expect, it } from '@jest/globals'
import { threadFamilies } from '../../../../src/adapters/protocol/metrics/families/thread-families.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'

it('shows the heap of every thread, and a delay of those with an event loop', () => {
  const threads = ['main', 'udp-1', 'http-1', 'http-plain-1'].flatMap((thread) => {
    const measurements = new PlainMeasurements()
    measurements.thread = thread
    return measurements.threads()
  })
  const threadsOf = (wanted: string) => {
    const family = threadFamilies(threads).find(({ name }) => name === wanted)
    if (family === undefined || !('samples' in family)) throw new Error(`no ${wanted}`)
    return [...new Set(family.samples.map(({ labels }) => labels?.['thread']))]
  }
  expect(threadsOf('muster_thread_heap_used_bytes')).toEqual(['main', 'udp-1', 'http-1', 'http-plain-1'])
  expect(threadsOf('muster_thread_event_loop_delay_seconds')).toEqual(['main', 'http-1'])
})
