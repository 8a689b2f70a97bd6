import { describe, expect, it } from '@jest/globals'
import { Refusal } from '../../../../../src/domain/refusal.ts'
import { aV1Api, badRequest, OK, rejection } from './a-v1-api.ts'

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'

const ROUTES = [
  ['POST', `/whitelist/${HASH}`, 'failed to whitelist torrent'],
  ['DELETE', `/whitelist/${HASH}`, 'failed to remove torrent from whitelist'],
  ['GET', '/whitelist/reload', 'failed to reload whitelist'],
]

describe('the whitelist of API v1', () => {
  it('adds a torrent, and adds it again', async () => {
    const api = aV1Api()
    expect(await api.answer('POST', `/whitelist/${HASH.toUpperCase()}`)).toEqual(OK)
    expect(await api.answer('POST', `/whitelist/${HASH}`)).toEqual(OK)
    expect((await api.ports.whitelist.page(0, 10)).entries.map(({ infoHash }) => infoHash)).toEqual([HASH])
  })

  it('removes a torrent, and one that is not listed', async () => {
    const api = aV1Api()
    await api.answer('POST', `/whitelist/${HASH}`)
    expect(await api.answer('DELETE', `/whitelist/${HASH}`)).toEqual(OK)
    expect(await api.answer('DELETE', `/whitelist/${HASH}`)).toEqual(OK)
    expect(await api.ports.whitelist.count()).toBe(0)
  })

  it('is reloaded', async () => {
    const api = aV1Api()
    expect(await api.answer('GET', '/whitelist/reload')).toEqual(OK)
    expect(api.ports.whitelist.trouble.calls).toBe(1)
  })

  it.each([
    ['0', '0'],
    ['-1', '-1'],
    ['1.1', '1.1'],
    ['INVALID%20INFOHASH', 'INVALID INFOHASH'],
    [HASH.slice(1), HASH.slice(1)],
    [`${HASH}0`, `${HASH}0`],
    [`g${HASH.slice(1)}`, `g${HASH.slice(1)}`],
    ['%FF', '%FF'],
  ])('refuses %s', async (text, value) => {
    const answer = badRequest(
      `Invalid URL: invalid infohash param: string "${value}", expected a 40 character long string`,
    )
    const api = aV1Api()
    expect(await api.answer('POST', `/whitelist/${text}`)).toEqual(answer)
    expect(await api.answer('DELETE', `/whitelist/${text}`)).toEqual(answer)
    expect(await api.answer('GET', `/torrent/${text}`)).toEqual(answer)
  })

  it.each(ROUTES)('is unavailable without a database: %s %s', async (method, path) => {
    const api = aV1Api()
    api.ports.whitelist.trouble.hasDatabase = false
    const body = '{"status":"err","reason":"listed capability is disabled by configuration"}'
    expect(await api.answer(method, path)).toEqual({ status: 409, type: 'application/json', body })
  })

  it.each(ROUTES)('names the failed action when the store is unavailable: %s %s', async (method, path, action) => {
    const api = aV1Api()
    api.ports.whitelist.trouble.fault = new Refusal('store-unavailable', 'the "muster" database does not answer')
    expect(await api.answer(method, path)).toEqual(rejection(`${action}: the \\"muster\\" database does not answer`))
    expect(api.faults).toEqual([])
  })

  it.each(ROUTES)('shows internal errors in the log only: %s %s', async (method, path, action) => {
    const api = aV1Api()
    const fault = new TypeError('undefined is not a function')
    api.ports.whitelist.trouble.fault = fault
    expect(await api.answer(method, path)).toEqual(rejection(`${action}: internal error`))
    expect(api.faults).toEqual([fault])
  })
})
