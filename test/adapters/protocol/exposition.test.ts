import { describe, expect, it } from '@jest/globals'
import { writeExposition } from '../../../src/adapters/protocol/exposition.ts'

describe('the text exposition format', () => {
  it('has a line for each sample, after help and type', () => {
    const text = writeExposition([
      {
        type: 'counter',
        name: 'muster_things_total',
        help: 'Things.',
        samples: [
          { value: 3, labels: { kind: 'one', name: 'a "b"\\c\n' } },
          { value: 0.5, labels: {} },
        ],
      },
    ])
    expect(text).toBe(
      '# HELP muster_things_total Things.\n# TYPE muster_things_total counter\n' +
        'muster_things_total{kind="one",name="a \\"b\\"\\\\c\\n"} 3\nmuster_things_total 0.5\n',
    )
  })

  it('has cumulative buckets for a histogram', () => {
    const distributions = [{ counts: [1, 0, 2], sum: 7.5, labels: { thread: 'main' } }]
    const text = writeExposition([{ type: 'histogram', name: 'h', help: 'H.', bounds: [1, 2.5], distributions }])
    expect(text.split('\n').slice(2, -1)).toEqual([
      'h_bucket{thread="main",le="1"} 1',
      'h_bucket{thread="main",le="2.5"} 1',
      'h_bucket{thread="main",le="+Inf"} 3',
      'h_sum{thread="main"} 7.5',
      'h_count{thread="main"} 3',
    ])
  })

  it('leaves out families without samples', () => {
    expect(writeExposition([{ type: 'gauge', name: 'g', help: 'G.', samples: [] }])).toBe('')
  })
})
