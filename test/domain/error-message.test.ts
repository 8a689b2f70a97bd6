import { describe, expect, it } from '@jest/globals'
import { errorMessage } from '../../src/domain/error-message.ts'

describe('the reason of an error', () => {
  it.each([
    ['its message', new TypeError('no such thing'), 'no such thing'],
    ['the message of what only looks like one', { message: 'disk full', code: 'SQLITE_FULL' }, 'disk full'],
    [
      'its code when it has no message',
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    ['its kind when it has neither', new RangeError(), 'RangeError'],
    ['the text of what is not an error', 'no', 'no'],
    ['undefined for undefined', undefined, 'undefined'],
  ])('is %s', (_, error, reason) => {
    expect(errorMessage(error)).toBe(reason)
  })
})
