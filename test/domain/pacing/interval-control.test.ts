import { describe, expect, it } from '@jest/globals'
import { IntervalControl } from '../../../src/domain/pacing/interval-control.ts'

const TARGET = { announcesPerSecond: 100, minSeconds: 1800, maxSeconds: 9000, jitter: 0.2 }
const MANY_PEERS = 200_000

/** One that has loaded swarms: no ramp. 200,000 peers need 1818 s at 100 a second. */
function aControl(target = TARGET, peers = MANY_PEERS): IntervalControl {
  return new IntervalControl(target, peers)
}

function play(control: IntervalControl, seconds: number, announces: number, peers = MANY_PEERS): IntervalControl {
  for (let second = 0; second < seconds; second++) control.step({ elapsedSeconds: 1, announces, peers })
  return control
}

describe('the interval', () => {
  it('starts at what the loaded swarms need, within its bounds', () => {
    expect(aControl().intervalSeconds).toBe(1818)
    expect(aControl(TARGET, 1000).intervalSeconds).toBe(1800)
    expect(aControl(TARGET, 50_000_000).intervalSeconds).toBe(9000)
  })

  it('stays while announces come at the target rate, in ones or in bursts', () => {
    expect(play(aControl(), 10_000, 100).intervalSeconds).toBe(1818)
    const control = aControl()
    for (let n = 0; n < 1000; n++) {
      play(control, 1, 1000)
      play(control, 9, 0)
    }
    expect(Math.abs(control.intervalSeconds - 1818)).toBeLessThanOrEqual(9)
  })

  it('takes each announce a moment further, jitter included, and comes back as time passes', () => {
    const control = aControl()
    play(control, 1, 11_100)
    expect(control.intervalSeconds).toBe(1918)
    play(control, 55, 0)
    expect(control.intervalSeconds).toBe(1868)
  })

  it('never leaves its bounds', () => {
    const control = aControl()
    expect(play(control, 1000, 10_000, 1e7).intervalSeconds).toBe(9000)
    // The excess was not stored: it falls at once.
    expect(play(control, 110, 0, 1e7).intervalSeconds).toBe(8900)
    expect(play(control, 20_000, 0).intervalSeconds).toBe(1800)
  })

  it('is not stretched for all by a few peers that announce without pause', () => {
    // A thousand peers need 9 s; all of them together cannot need more than ten times that.
    expect(play(aControl(TARGET, 1000), 1000, 10_000, 1000).intervalSeconds).toBe(1891)
  })

  it('hardly moves when time jumps, in either direction', () => {
    const control = aControl({ ...TARGET, minSeconds: 300 })
    control.step({ elapsedSeconds: 1e6, announces: 0, peers: MANY_PEERS })
    expect(control.intervalSeconds).toBe(1764)
    control.step({ elapsedSeconds: -1e6, announces: 0, peers: MANY_PEERS })
    control.step({ elapsedSeconds: 0, announces: 0, peers: MANY_PEERS })
    expect(control.intervalSeconds).toBe(1764)
  })
})

describe('an empty tracker', () => {
  it('has clients return after five minutes, then after as long as it runs', () => {
    const control = new IntervalControl(TARGET, 0)
    expect(control.intervalSeconds).toBe(300)
    expect(play(control, 600, 1, 1).intervalSeconds).toBe(900)
    expect(play(control, 900, 1, 1).intervalSeconds).toBe(1800)
    expect(play(control, 900, 1, 1).intervalSeconds).toBe(1800)
  })

  it('does not lengthen an interval that is shorter than the ramp', () => {
    expect(new IntervalControl({ ...TARGET, minSeconds: 120 }, 0).intervalSeconds).toBe(120)
  })

  it('ends the ramp when swarms are loaded late, by a process that takes over', () => {
    const control = play(new IntervalControl(TARGET, 0), 10, 3, 3)
    expect(control.intervalSeconds).toBe(310)
    expect(play(control, 1, 3, 300_000).intervalSeconds).toBe(2726)
  })
})

describe('shedding', () => {
  it('does not begin before the interval is at its longest', () => {
    expect(play(aControl(), 60, 1000, 1e6)).toMatchObject({ isShedding: false, peerShare: 1, shedShare: 0 })
  })

  it('takes peers from replies in proportion to the rate above the target', () => {
    const control = play(aControl(TARGET, 1e9), 600, 150, 1e9)
    expect(control).toMatchObject({ intervalSeconds: 9000, isShedding: true, shedShare: 0 })
    expect(control.peerShare).toBeCloseTo(1 / 1.5, 2)
  })

  it('leaves twice the target to be applied, however many announces there are', () => {
    const control = play(aControl(TARGET, 1e9), 600, 1000, 1e9)
    expect(control.peerShare).toBeCloseTo(0.1, 2)
    expect(control.shedShare).toBeCloseTo(0.8, 2)
  })

  it('begins a tenth above the target, and ends when the rate is back at it', () => {
    const control = play(aControl(TARGET, 1e9), 600, 109, 1e9)
    expect(control.isShedding).toBe(false)
    expect(play(control, 600, 112, 1e9).isShedding).toBe(true)
    expect(play(control, 600, 105, 1e9).isShedding).toBe(true)
    expect(play(control, 600, 99, 1e9)).toMatchObject({ isShedding: false, peerShare: 1, shedShare: 0 })
  })
})
