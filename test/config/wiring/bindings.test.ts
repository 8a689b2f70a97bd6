import { describe, expect, it } from '@jest/globals'
import { Bindings } from '../../../src/config/wiring/bindings.ts'
import { port } from '../../../src/domain/ports/port.ts'

interface Lamp {
  readonly watts: number
}
const Lamp = port<Lamp>('Lamp')
const Room = port<{ readonly lamp: Lamp }>('Room')

describe('bindings', () => {
  it('create each instance once, when it is first requested', () => {
    let made = 0
    const bindings = new Bindings().bind(Lamp, () => ({ watts: ++made }))
    expect(made).toBe(0)
    expect(bindings.get(Lamp)).toBe(bindings.get(Lamp))
    expect(made).toBe(1)
  })

  it('pass factories what they request', () => {
    const bindings = new Bindings().bind(Room, (get) => ({ lamp: get(Lamp) })).bind(Lamp, () => ({ watts: 40 }))
    expect(bindings.get(Room).lamp).toBe(bindings.get(Lamp))
  })

  it('name the unbound port in the error', () => {
    expect(() => new Bindings().get(Lamp)).toThrow(/Lamp/)
  })

  it('use the last binding, so that tests can override it', () => {
    const bindings = new Bindings().bind(Lamp, () => ({ watts: 40 })).bind(Lamp, () => ({ watts: 7 }))
    expect(bindings.get(Lamp).watts).toBe(7)
  })

  it('refuse to bind a port that has been resolved, and name it', () => {
    const bindings = new Bindings().bind(Room, (get) => ({ lamp: get(Lamp) })).bind(Lamp, () => ({ watts: 40 }))
    const { lamp } = bindings.get(Room)
    expect(() => bindings.bind(Lamp, () => ({ watts: 7 }))).toThrow('Lamp has been resolved already')
    expect(bindings.get(Lamp)).toBe(lamp)
    expect(() => new Bindings().bind(Lamp, () => ({ watts: 7 }))).not.toThrow()
  })

  it('can still bind a port whose factory has failed', () => {
    const bindings = new Bindings().bind(Room, (get) => ({ lamp: get(Lamp) }))
    expect(() => bindings.get(Room)).toThrow(/Lamp/)
    bindings.bind(Room, () => ({ lamp: { watts: 1 } }))
    expect(bindings.get(Room).lamp.watts).toBe(1)
  })

  it('are independent of other bindings', () => {
    const one = new Bindings().bind(Lamp, () => ({ watts: 1 }))
    const two = new Bindings().bind(Lamp, () => ({ watts: 2 }))
    expect([one.get(Lamp).watts, two.get(Lamp).watts]).toEqual([1, 2])
  })
})
