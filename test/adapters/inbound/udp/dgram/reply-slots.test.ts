import { describe, expect, it } from '@jest/globals'
import { ReplySlots } from '../../../../../src/adapters/inbound/udp/dgram/reply-slots.ts'

describe('reply slots', () => {
  it('are not handed out again while they are held', () => {
    const slots = new ReplySlots()
    const held = Array.from({ length: 64 }, () => {
      const slot = slots.find()
      slots.hold(slot)
      return slot
    })
    expect(new Set(held).size).toBe(64)
    expect(slots.find()).toBe(-1)
    slots.release(17)
    expect(slots.find()).toBe(17)
  })

  it('are handed out in turn when none is held', () => {
    const slots = new ReplySlots()
    expect([slots.find(), slots.find(), slots.find()]).toEqual([0, 1, 2])
  })
})
