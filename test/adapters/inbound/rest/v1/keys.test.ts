import { describe, expect, it } from '@jest/globals'
import { Refusal } from '../../../../../src/domain/refusal.ts'
import { type Answer, aV1Api, badRequest, NOW, OK, rejection, TEXT, type V1Api } from './a-v1-api.ts'

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
const FIRST = 'issued1'.padEnd(32, 'x')
const TOO_LONG = '18446744073709551615'

function keyObject(body: string): Answer {
  return { status: 200, type: 'application/json; charset=utf-8', body }
}

function post(api: V1Api, body: string, contentType = 'application/json') {
  return api.answer('POST', '/keys', { body, contentType })
}

describe('the keys of API v1', () => {
  it.each([
    [
      '{"key":null,"seconds_valid":7200}',
      `{"key":"${FIRST}","valid_until":${NOW + 7200},"expiry_time":"2022-11-25 17:31:18 UTC"}`,
    ],
    ['{"key":null,"seconds_valid":null}', `{"key":"${FIRST}","valid_until":null,"expiry_time":null}`],
    [
      `{"key":"${KEY}","seconds_valid":7200}`,
      `{"key":"${KEY}","valid_until":${NOW + 7200},"expiry_time":"2022-11-25 17:31:18 UTC"}`,
    ],
    [`{"key":"${KEY}","seconds_valid":null}`, `{"key":"${KEY}","valid_until":null,"expiry_time":null}`],
    [
      `{"key":"${KEY}","seconds_valid":0}`,
      `{"key":"${KEY}","valid_until":${NOW},"expiry_time":"2022-11-25 15:31:18 UTC"}`,
    ],
  ])('are created by %s', async (body, key) => {
    expect(await post(aV1Api(), body)).toEqual(keyObject(key))
  })

  it('are created by the old route', async () => {
    const body = `{"key":"${FIRST}","valid_until":${NOW + 60},"expiry_time":"2022-11-25 15:32:18 UTC"}`
    expect(await aV1Api().answer('POST', '/key/60')).toEqual(keyObject(body))
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.torrust+json'])(
    'are created with the content type %s',
    async (contentType) => {
      expect((await post(aV1Api(), '{"key":null,"seconds_valid":null}', contentType)).status).toBe(200)
    },
  )

  it.each(['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', 'text/json'])(
    'are not created with the content type %s',
    async (contentType) => {
      const body = 'Expected request with `Content-Type: application/json`'
      expect(await post(aV1Api(), '{}', contentType)).toEqual({ status: 415, type: TEXT, body })
    },
  )

  it('are not created without a content type', async () => {
    expect((await aV1Api().answer('POST', '/keys')).status).toBe(415)
  })

  it.each([
    ['', 400, 'Failed to parse the request body as JSON: '],
    ['{"key":', 400, 'Failed to parse the request body as JSON: '],
    [
      '{"key":null,"seconds_valid":"x"}',
      422,
      'Failed to deserialize the JSON body into the target type: seconds_valid: invalid type',
    ],
    ['{"key":null}', 422, 'Failed to deserialize the JSON body into the target type: missing field `seconds_valid`'],
  ])('are not created from the body %j', async (body, status, start) => {
    const answer = await post(aV1Api(), body)
    expect([answer.status, answer.type]).toEqual([status, TEXT])
    expect(answer.body.slice(0, start.length)).toBe(start)
  })

  it('are not created from a body that is too long', async () => {
    const response = await aV1Api().fetch('POST', '/keys', {
      body: `{"key":null,"seconds_valid":null,"more":"${'x'.repeat(1_100_000)}"}`,
      contentType: 'application/json',
    })
    expect([response.status, response.headers.get('connection')]).toEqual([413, 'close'])
  })

  it.each([
    ['invalid', 'Invalid key length. Key must be have 32 chars'],
    ['', 'Invalid key length. Key must be have 32 chars'],
    [`${KEY}0`, 'Invalid key length. Key must be have 32 chars'],
    [`%${KEY.slice(1)}`, 'Invalid chars for key. Key can only alphanumeric chars (0-9, a-z, A-Z)'],
  ])('cannot be %j', async (key, why) => {
    const answer = badRequest(`Invalid URL: invalid auth key: string "${key}", ${why}`)
    expect(await post(aV1Api(), JSON.stringify({ key, seconds_valid: 7200 }))).toEqual(answer)
  })

  it.each(['100000000000', TOO_LONG])('cannot be valid for %s seconds', async (seconds) => {
    expect(await post(aV1Api(), `{"key":null,"seconds_valid":${seconds}}`)).toEqual(
      badRequest(`Invalid URL: invalid auth key duration: "${seconds}"`),
    )
    expect(await aV1Api().answer('POST', `/key/${seconds}`)).toEqual(
      rejection('failed to generate key: the lifetime is too long'),
    )
  })

  it.each(['-1', '1.1', 'a', '18446744073709551616'])('cannot be created for %s by the old route', async (text) => {
    expect(await aV1Api().answer('POST', `/key/${text}`)).toEqual(
      badRequest(`Invalid URL: Cannot parse \`${text}\` to a \`u64\``),
    )
  })

  it('cannot be added twice', async () => {
    const api = aV1Api()
    await post(api, `{"key":"${KEY}","seconds_valid":null}`)
    expect(await post(api, `{"key":"${KEY}","seconds_valid":7200}`)).toEqual(
      rejection('failed to generate key: the entry already exists'),
    )
  })

  it('are read from the last of several fields with one name', async () => {
    const body = `{"key":null,"key":"${KEY}","seconds_valid":7200,"seconds_valid":null}`
    expect(await post(aV1Api(), body)).toEqual(keyObject(`{"key":"${KEY}","valid_until":null,"expiry_time":null}`))
  })

  it('are deleted', async () => {
    const api = aV1Api()
    await post(api, `{"key":"${KEY}","seconds_valid":null}`)
    expect(await api.answer('DELETE', `/key/${KEY}`)).toEqual(OK)
    expect(await api.ports.keys.count()).toBe(0)
  })

  it('cannot be deleted when they do not exist', async () => {
    expect(await aV1Api().answer('DELETE', `/key/${KEY}`)).toEqual(
      rejection('failed to delete key: there is no such key'),
    )
  })

  it.each(['0', 'invalid', `${KEY}0`, `%25${KEY.slice(1)}`])('cannot be deleted as %s', async (text) => {
    const answer = badRequest(`Invalid auth key id param "${decodeURIComponent(text)}"`)
    expect(await aV1Api().answer('DELETE', `/key/${text}`)).toEqual(answer)
  })

  it('are reloaded', async () => {
    const api = aV1Api()
    expect(await api.answer('GET', '/keys/reload')).toEqual(OK)
    expect(api.ports.keys.trouble.calls).toBe(1)
  })

  const ROUTES = [
    ['POST', '/keys', 'failed to generate key'],
    ['POST', '/key/60', 'failed to generate key'],
    ['DELETE', `/key/${KEY}`, 'failed to delete key'],
    ['GET', '/keys/reload', 'failed to reload keys'],
  ]

  const call = (api: V1Api, method: string, path: string): Promise<Answer> =>
    path === '/keys' ? post(api, '{"key":null,"seconds_valid":null}') : api.answer(method, path)

  it.each(ROUTES)('are unavailable without a database: %s %s', async (method, path) => {
    const api = aV1Api()
    api.ports.keys.trouble.hasDatabase = false
    const body = '{"status":"err","reason":"private capability is disabled by configuration"}'
    expect(await call(api, method, path)).toEqual({ status: 409, type: 'application/json', body })
  })

  it.each(ROUTES)('name the failed action when the store is unavailable: %s %s', async (method, path, action) => {
    const api = aV1Api()
    api.ports.keys.trouble.fault = new Refusal('store-unavailable', 'the database does not answer')
    expect(await call(api, method, path)).toEqual(rejection(`${action}: the database does not answer`))
  })

  it.each(ROUTES)('do not show internal errors: %s %s', async (method, path, action) => {
    const api = aV1Api()
    const fault = new TypeError('undefined is not a function')
    api.ports.keys.trouble.fault = fault
    expect(await call(api, method, path)).toEqual(rejection(`${action}: internal error`))
    expect(api.faults).toEqual([fault])
  })
})
