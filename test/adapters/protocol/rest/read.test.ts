import { describe, expect, it } from '@jest/globals'
import * as v from 'valibot'
import { readBy, readFields, readLeniently } from '../../../../src/adapters/protocol/rest/read.ts'

const fields = v.strictObject({
  limit: v.optional(v.pipe(v.number(), v.integer(), v.maxValue(10, 'too many')), 5),
  id: v.optional(v.number()),
  name: v.optional(v.string()),
})

describe('fields of a query', () => {
  it('are converted to numbers, and defaults are filled in', () => {
    expect(readFields(fields, [['id', '7']])).toEqual({ isValid: true, value: { id: 7, limit: 5 } })
    expect(readFields(fields, new URLSearchParams('name=7'))).toEqual({ isValid: true, value: { name: '7', limit: 5 } })
  })

  it.each(['', ' 1', '1e3', '0x10', '1.5', '--1', '99999999999999999999', 'NaN', 'Infinity', '１'])(
    'that are numeric reject %j',
    (text) => {
      const reading = readFields(fields, [['limit', text]])
      expect(reading).toMatchObject({ isValid: false, errors: [{ path: 'limit' }] })
    },
  )

  it('must be known and given only once', () => {
    const twice = [
      ['id', '1'],
      ['id', '2'],
    ] as const
    expect(readFields(fields, twice)).toEqual({ isValid: false, errors: [{ path: 'id', message: 'given twice' }] })
    expect(readFields(fields, [['other', '1']])).toEqual({
      isValid: false,
      errors: [{ path: 'other', message: 'unknown field' }],
    })
    expect(readFields(fields, [['__proto__', '1']])).toMatchObject({ isValid: false })
    expect(readFields(fields, [['constructor', '1']])).toMatchObject({ isValid: false })
  })
})

describe('an error in a value', () => {
  const schema = v.strictObject({ list: v.array(v.strictObject({ word: v.picklist(['yes', 'no']) })) })

  it.each([
    [{ list: [{ word: 'secret' }] }, 'list.0.word', 'must be ("yes" | "no")'],
    [{ list: [{}] }, 'list.0.word', 'missing'],
    [{}, 'list', 'missing'],
    [{ list: 'secret' }, 'list', 'must be Array'],
    [{ list: [], more: 'secret' }, 'more', 'unknown field'],
    ['secret', '', 'must be Object'],
    [null, '', 'must be Object'],
  ])('is reported without repeating the value: %j', (value, path, message) => {
    const reading = readBy(schema, value)
    expect(reading).toEqual({ isValid: false, errors: [{ path, message }] })
  })

  it('does not include unknown fields of an answer', () => {
    const answer = { list: [{ word: 'yes', more: { a: 1 } }, { word: 'no' }], later: true }
    const known = { list: [{ word: 'yes' }, { word: 'no' }] }
    expect(readLeniently(schema, answer)).toEqual({ isValid: true, value: known })
    expect(readLeniently(schema, known)).toEqual({ isValid: true, value: known })
    expect(readLeniently(schema, { list: [{ word: 'maybe', more: 1 }] })).toMatchObject({
      isValid: false,
      errors: [{ path: 'list.0.word' }],
    })
  })

  it('is reported for the first 20 fields', () => {
    const reading = readBy(schema, { list: Array(50).fill({ word: 1 }) })
    expect(reading.isValid ? [] : reading.errors).toHaveLength(20)
  })
})
