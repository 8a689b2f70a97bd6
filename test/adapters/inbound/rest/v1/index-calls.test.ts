import { expect, it } from '@jest/globals'
import { type InfoHash, readInfoHash } from '../../../../../src/domain/info-hash.ts'
import { MANAGER } from '../rest-fixture.ts'
import { aV1Api, NOW, OK, rejection } from './a-v1-api.ts'

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'

it('serves the calls of an index over the life of a torrent and of a key', async () => {
  const api = aV1Api()
  const call = (method: string, path: string, query = '', token = MANAGER) =>
    api.answer(method, `${path}?token=${token}${query}`, { authorization: null })

  // A user uploads a torrent, and requests a key to announce with.
  expect(await call('POST', `/whitelist/${HASH}`)).toEqual(OK)
  const key = JSON.parse((await call('POST', '/key/7200')).body)
  expect(key).toMatchObject({ key: expect.stringMatching(/^[0-9A-Za-z]{32}$/), valid_until: NOW + 7200 })

  // It has not been announced yet.
  expect((await call('GET', `/torrent/${HASH}`)).body).toBe('"torrent not known"')
  expect((await call('GET', '/torrents', `&info_hash=${HASH}&info_hash=${'0'.repeat(40)}`)).body).toBe('[]')

  api.ports.torrents.all.push({
    infoHash: readInfoHash(HASH) as InfoHash,
    seeders: 3,
    completed: 2,
    leechers: 1,
    peers: [],
  })
  expect(JSON.parse((await call('GET', `/torrent/${HASH}`)).body)).toMatchObject({
    seeders: 3,
    completed: 2,
    leechers: 1,
  })
  const rows = JSON.parse((await call('GET', '/torrents', `&info_hash=${HASH}&info_hash=${'0'.repeat(40)}`)).body)
  expect(rows).toEqual([{ info_hash: HASH, seeders: 3, completed: 2, leechers: 1 }])

  // The torrent is taken down, and the token was changed on one side only.
  expect(await call('DELETE', `/whitelist/${HASH}`)).toEqual(OK)
  expect(await call('GET', `/torrent/${HASH}`, '', 'old')).toEqual(rejection('token not valid'))
})
