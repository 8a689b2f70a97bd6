import { describe, expect, it } from '@jest/globals'
import { type AppCall, anApp, MANAGER, READER } from '../rest-fixture.ts'
import { aV1Api, EMPTY_404, rejection } from './a-v1-api.ts'

const UNAUTHORIZED = rejection('unauthorized')
const NOT_VALID = rejection('token not valid')
const UNKNOWN = rejection('unknown token provided')

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'

describe('the gate of API v1', () => {
  it.each([
    ['no token', null, '', UNAUTHORIZED],
    ['a wrong token in the query', null, '?token=other', NOT_VALID],
    ['an empty token in the query', null, '?token=', NOT_VALID],
    ['a wrong token in the header', 'Bearer other', '', NOT_VALID],
    ['an empty token in the header', 'Bearer ', '', NOT_VALID],
    ['the scheme alone', 'Bearer', '', NOT_VALID],
    ['another scheme', 'Basic YTpi', '', UNKNOWN],
    ['another scheme and the right token', 'Basic YTpi', `?token=${MANAGER}`, UNKNOWN],
    ['a wrong header and the right token', 'Bearer other', `?token=${MANAGER}`, NOT_VALID],
  ])('answers a request with %s', async (_case, authorization, query, answer) => {
    for (const path of ['/stats', '/torrents', '/keys/reload', '/nowhere', '/']) {
      expect(await aV1Api().answer('GET', `${path}${query}`, { authorization })).toEqual(answer)
    }
  })

  it.each([
    [null, `?token=${MANAGER}`],
    [null, `?offset=&token=${MANAGER}&limit=`],
    [null, `?token=%61${MANAGER.slice(1)}`],
    [`Bearer ${MANAGER}`, ''],
    [`Bearer ${MANAGER}`, '?token=other'],
  ])('accepts %j with %j', async (authorization, query) => {
    expect((await aV1Api().answer('GET', `/torrents${query}`, { authorization })).status).toBe(200)
  })

  it.each(['/metrics', '/api', '/api/', '/api/v3/stats', '/api/v1x', '/api/health_check/'])(
    'stands before %s too, which is nothing',
    async (path) => {
      const { ask } = anApp()
      const answer = async (call: AppCall, query = '') => {
        const response = await ask(`${path}${query}`, call)
        return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
      }
      for (const method of ['GET', 'POST']) {
        expect(await answer({ method, authorizations: [] })).toEqual(UNAUTHORIZED)
        expect(await answer({ method, authorizations: [] }, '?token=other')).toEqual(NOT_VALID)
        expect(await answer({ method, authorizations: ['Basic YTpi'] })).toEqual(UNKNOWN)
        expect(await answer({ method, token: READER })).toEqual(NOT_VALID)
        expect(await answer({ method })).toEqual(EMPTY_404)
      }
    },
  )

  it('does not stand before the way to the reference page', async () => {
    const { ask } = anApp()
    const response = await ask('/', { authorizations: [] })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'api/v2/docs'])
    expect((await ask('/api/v2/docs', { authorizations: [] })).status).toBe(200)
    expect((await ask('/', { method: 'POST', authorizations: [] })).status).toBe(500)
  })

  it('does not stand before the health check', async () => {
    const { ask } = anApp()
    expect((await ask('/api/health_check', { authorizations: [] })).status).toBe(200)
    expect((await ask('/api/health_check', { method: 'POST', authorizations: [] })).status).toBe(405)
  })

  it.each(['/nowhere', '', '/', '/stats/', '/torrent/', '/torrent/%20', '/whitelist', '/whitelist/', '/keys/', '/key'])(
    'answers %j with an empty 404',
    async (path) => {
      const api = aV1Api()
      const response = await api.fetch('GET', path)
      expect(response.headers.get('content-length')).toBe('0')
      expect(await api.answer('GET', path)).toEqual(EMPTY_404)
    },
  )

  it.each([
    ['POST', '/whitelist/%20'],
    ['DELETE', '/whitelist/%20'],
    ['POST', '/whitelist/'],
    ['DELETE', '/key/%20'],
    ['DELETE', '/key/'],
    ['POST', '/key/%20'],
  ])('treats blank values as missing: %s %s', async (method, path) => {
    expect(await aV1Api().answer(method, path)).toEqual(EMPTY_404)
  })

  it.each([
    ['POST', '/stats', 'GET,HEAD'],
    ['DELETE', '/metrics', 'GET,HEAD'],
    ['POST', '/torrents', 'GET,HEAD'],
    ['PUT', `/torrent/${HASH}`, 'GET,HEAD'],
    ['POST', '/whitelist/reload', 'GET,HEAD'],
    ['GET', `/whitelist/${HASH}`, 'POST,DELETE'],
    ['GET', '/keys', 'POST'],
    ['POST', '/keys/reload', 'GET,HEAD'],
    ['GET', '/key/7200', 'POST,DELETE'],
  ])('does not allow %s %s', async (method, path, allowed) => {
    const response = await aV1Api().fetch(method, path)
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, allowed, ''])
  })

  it.each(['/stats', '/metrics', '/torrents', `/torrent/${HASH}`])('allows a read token to get %s', async (path) => {
    const authorization = `Bearer ${READER}`
    expect((await aV1Api().answer('GET', path, { authorization })).status).toBe(200)
    expect((await aV1Api().answer('HEAD', path, { authorization })).status).toBe(200)
  })

  it.each([
    ['GET', '/keys/reload'],
    ['GET', '/whitelist/reload'],
    ['POST', `/whitelist/${HASH}`],
    ['DELETE', `/whitelist/${HASH}`],
    ['POST', '/keys'],
    ['POST', '/key/7200'],
    ['DELETE', '/key/YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'],
    ['POST', '/stats'],
    ['GET', '/nowhere'],
  ])('treats a read token as a wrong one at %s %s', async (method, path) => {
    const api = aV1Api()
    expect(await api.answer(method, path, { authorization: `Bearer ${READER}` })).toEqual(NOT_VALID)
    expect([api.ports.whitelist.trouble.calls, api.ports.keys.trouble.calls]).toEqual([0, 0])
  })

  it('limits an address after too many wrong tokens, and reports for how long, but serves a right one', async () => {
    const api = aV1Api()
    for (let i = 0; i < 10; i++) await api.fetch('GET', `/stats?token=guess${i}`, { authorization: null })
    const response = await api.fetch('GET', '/stats?token=guess', { authorization: null })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await api.fetch('GET', '/stats')).status).toBe(200)
    expect((await api.fetch('GET', `/stats?token=${MANAGER}`, { authorization: null })).status).toBe(200)
    api.ports.clock.seconds += 60
    expect((await api.fetch('GET', '/stats?token=guess', { authorization: null })).status).toBe(500)
  })
})
