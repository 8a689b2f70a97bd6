import { describe, expect, it } from '@jest/globals'
import { readKeyForm, readKeyOfForm } from '../../../../../src/adapters/protocol/rest/v1/key-form.ts'

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'

describe('the form of a new key', () => {
  it.each([
    ['{"key":null,"seconds_valid":7200}', { key: null, secondsValid: 7200n }],
    [' { "seconds_valid" : null , "key" : null } ', { key: null, secondsValid: null }],
    [`{"key":"${KEY}","seconds_valid":0}`, { key: KEY, secondsValid: 0n }],
    [`{"key":"${KEY}","seconds_valid":null,"more":[1]}`, { key: KEY, secondsValid: null }],
    ['{"key":null,"seconds_valid":18446744073709551615}', { key: null, secondsValid: 18446744073709551615n }],
  ])('reads %s', (text, form) => {
    expect(readKeyForm(text)).toEqual(form)
  })

  it.each([
    ['', 'EOF while parsing a value'],
    ['{"key":', 'expected value'],
    ['invalid', 'expected value'],
    ['['.repeat(100_000), 'expected value'],
  ])('is not JSON: %.20s', (text, why) => {
    expect(readKeyForm(text)).toMatchObject({ status: 400, body: `Failed to parse the request body as JSON: ${why}` })
  })

  it.each([
    ['{"key":null,"seconds_valid":"7200"}', 'seconds_valid: invalid type: string "7200", expected u64'],
    ['{"key":null,"seconds_valid":1.5}', 'seconds_valid: invalid type: floating point `1.5`, expected u64'],
    ['{"key":null,"seconds_valid":1e309}', 'seconds_valid: invalid type: floating point `1e309`, expected u64'],
    ['{"key":null,"seconds_valid":-1}', 'seconds_valid: invalid value: integer `-1`, expected u64'],
    ['{"key":null,"seconds_valid":true}', 'seconds_valid: invalid type: boolean `true`, expected u64'],
    ['{"key":null,"seconds_valid":[]}', 'seconds_valid: invalid type: sequence, expected u64'],
    ['{"key":null,"seconds_valid":{}}', 'seconds_valid: invalid type: map, expected u64'],
    ['{"key":7,"seconds_valid":1}', 'key: invalid type: integer `7`, expected a string'],
    ['{"seconds_valid":1}', 'missing field `key`'],
    ['{"key":null}', 'missing field `seconds_valid`'],
    ['null', 'invalid type: null, expected struct AddKeyForm'],
    ['[]', 'invalid type: sequence, expected struct AddKeyForm'],
    ['7', 'invalid type: integer `7`, expected struct AddKeyForm'],
  ])('has the wrong shape: %s', (text, why) => {
    const body = `Failed to deserialize the JSON body into the target type: ${why}`
    expect(readKeyForm(text)).toMatchObject({ status: 422, body })
  })

  it('accepts a key of 32 letters and digits', () => {
    expect(readKeyOfForm(KEY)).toBe(KEY)
  })

  it.each([
    ['', 'Invalid key length. Key must be have 32 chars'],
    ['GQEs2ZNcCm9cwEV9dBpcPB5OwNFWFiR', 'Invalid key length. Key must be have 32 chars'],
    ['é'.repeat(32), 'Invalid key length. Key must be have 32 chars'],
    ['%INVALID%INVALID%INVALID%INVALID', 'Invalid chars for key. Key can only alphanumeric chars (0-9, a-z, A-Z)'],
  ])('rejects %j as a key', (key, why) => {
    const body = `Invalid URL: invalid auth key: string "${key}", ${why}`
    expect(readKeyOfForm(key)).toEqual({ status: 400, contentType: 'text/plain; charset=utf-8', body })
  })
})
