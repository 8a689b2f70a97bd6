import { expect, it } from '@jest/globals'
import { writeKey } from '../../../../../src/adapters/protocol/rest/v1/key-writer.ts'
import { type AccessKey, readAccessKey } from '../../../../../src/domain/access-key.ts'

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'

it.each([
  [1_669_397_478, '"2022-11-25 17:31:18 UTC"'],
  [0, '"1970-01-01 00:00:00 UTC"'],
  [1_001_669_390_278, '"+33711-08-22 17:17:58 UTC"'],
])('writes the expiry of a key: %d', (seconds, time) => {
  expect(writeKey({ key: readAccessKey(KEY) as AccessKey, validUntilSeconds: seconds })).toBe(
    `{"key":"${KEY}","valid_until":${seconds},"expiry_time":${time}}`,
  )
})

it('writes null twice for a key that never expires', () => {
  expect(writeKey({ key: readAccessKey(KEY) as AccessKey, validUntilSeconds: undefined })).toBe(
    `{"key":"${KEY}","valid_until":null,"expiry_time":null}`,
  )
})
