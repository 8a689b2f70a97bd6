import { expect, it } from '@jest/globals'
import { HandOverWindow, MAX_HAND_OVERS } from '../../../../src/adapters/inbound/http/plain/hand-over-window.ts'

it('lets a bounded number of connections be on their way, seen by both threads', () => {
  const memory = new SharedArrayBuffer(4)
  const [sender, receiver] = [new HandOverWindow(new Int32Array(memory)), new HandOverWindow(new Int32Array(memory))]
  for (let number = 0; number < MAX_HAND_OVERS; number++) expect(sender.enter()).toBe(true)
  expect(sender.enter()).toBe(false)
  receiver.leave()
  expect(sender.enter()).toBe(true)
  expect(sender.enter()).toBe(false)
})
