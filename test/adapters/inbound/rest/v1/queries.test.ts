import { describe, expect, it } from '@jest/globals'
import { EXPOSITION_TYPE } from '../../../../../src/adapters/protocol/exposition.ts'
import { type InfoHash, readInfoHash } from '../../../../../src/domain/info-hash.ts'
import type { PeerView, TorrentView } from '../../../../../src/domain/ports/inbound/torrent-queries.ts'
import { type Answer, aV1Api, badRequest, JSON_TYPE, rejection, TEXT, type V1Api } from './a-v1-api.ts'

function hash(text: string): InfoHash {
  const infoHash = readInfoHash(text.padEnd(40, '0'))
  if (infoHash === undefined) throw new Error(text)
  return infoHash
}

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'

function aPeer(peer: Partial<PeerView> = {}): PeerView {
  return {
    peerId: Buffer.from('2d7142343431302d7a735f645634655542725464', 'hex'),
    endpoint: Buffer.from('c0a80158448c', 'hex'),
    uploaded: 0n,
    downloaded: 0n,
    left: 0n,
    event: 'none',
    lastAnnounceSeconds: 1_680_082_693,
    ...peer,
  }
}

function aTorrent(infoHash: InfoHash, torrent: Partial<TorrentView> = {}): TorrentView {
  return {
    infoHash,
    seeders: 1,
    completed: 0,
    leechers: 0,
    peers: [aPeer()],
    ...torrent,
  }
}

function json(body: string): Answer {
  return { status: 200, type: JSON_TYPE, body }
}

describe('torrents of API v1', () => {
  it('are shown with their peers', async () => {
    const api = aV1Api()
    api.ports.torrents.all.push(aTorrent(hash(HASH)))
    const answer = json(
      `{"info_hash":"${HASH}","seeders":1,"completed":0,"leechers":0,"peers":[{` +
        '"peer_id":{"id":"0x2d7142343431302d7a735f645634655542725464","client":"qBittorrent"},' +
        '"peer_addr":"192.168.1.88:17548",' +
        '"updated":1680082693000,"updated_milliseconds_ago":1680082693000,"updated_at_ms":1680082693000,' +
        '"uploaded":0,"downloaded":0,"left":0,"event":"None"}]}',
    )
    expect(await api.answer('GET', `/torrent/${HASH}`)).toEqual(answer)
    expect(await api.answer('GET', `/torrent/${HASH.toUpperCase()}`)).toEqual(answer)
  })

  it('keep byte counts exact, bracket IPv6 addresses and leave out unknown clients', async () => {
    const api = aV1Api()
    const peer = aPeer({
      peerId: Buffer.alloc(20, 0xff),
      endpoint: Buffer.from('00000000000000000000000000000001448c', 'hex'),
      uploaded: 9_007_199_254_740_993n,
      downloaded: 9_223_372_036_854_775_807n,
      left: 1n,
      event: 'paused',
    })
    const events = (['started', 'completed'] as const).map((event) => aPeer({ event }))
    api.ports.torrents.all.push(aTorrent(hash(HASH), { peers: [peer, ...events] }))
    const { body } = await api.answer('GET', `/torrent/${HASH}`)
    expect(body).toContain(`"peer_id":{"id":"0x${'ff'.repeat(20)}","client":null},"peer_addr":"[::1]:17548"`)
    expect(body).toContain('"uploaded":9007199254740993,"downloaded":9223372036854775807,"left":1,"event":"None"}')
    expect(body.match(/"event":"\w+"/g)).toEqual(['"event":"None"', '"event":"Started"', '"event":"Completed"'])
  })

  it('are shown with at most 74 peers', async () => {
    const api = aV1Api()
    api.ports.torrents.all.push(aTorrent(hash(HASH), { peers: Array.from({ length: 100 }, () => aPeer()) }))
    expect(JSON.parse((await api.answer('GET', `/torrent/${HASH}`)).body).peers).toHaveLength(74)
  })

  it('that are unknown are answered with a sentence', async () => {
    expect(await aV1Api().answer('GET', `/torrent/${HASH}`)).toEqual(json('"torrent not known"'))
  })

  const row = (name: string): string => `{"info_hash":"${hash(name)}","seeders":1,"completed":0,"leechers":0}`

  const three = (): V1Api => {
    const api = aV1Api()
    for (const name of ['c', 'a', 'b']) api.ports.torrents.all.push(aTorrent(hash(name)))
    return api
  }

  it.each([
    ['', ['a', 'b', 'c']],
    ['?offset=&limit=', ['a', 'b', 'c']],
    ['?offset=1', ['b', 'c']],
    ['?limit=2', ['a', 'b']],
    ['?offset=1&limit=1', ['b']],
    ['?offset=%2B1&limit=0001', ['b']],
    ['?limit=0', []],
    ['?offset=4294967295', []],
  ])('are listed by torrents%s', async (query, names) => {
    expect(await three().answer('GET', `/torrents${query}`)).toEqual(json(`[${names.map(row).join(',')}]`))
  })

  it('are listed 4000 at a time', async () => {
    const api = aV1Api()
    for (let i = 0; i < 4001; i++) api.ports.torrents.all.push(aTorrent(hash(i.toString(16).padStart(40, '0'))))
    expect(JSON.parse((await api.answer('GET', '/torrents')).body)).toHaveLength(4000)
  })

  it('are selected by info hash: repeats repeated, unknown ones left out, paging ignored', async () => {
    const query = ['c', 'd', 'a', 'c'].map((name) => `info_hash=${hash(name)}`).join('&')
    expect(await three().answer('GET', `/torrents?offset=2&${query}&limit=1`)).toEqual(
      json(`[${row('c')},${row('a')},${row('c')}]`),
    )
  })

  it.each([
    [
      `info_hash=${HASH}&info_hash=zz`,
      'Invalid URL: invalid infohash param: string "zz", expected a 40 character long string',
    ],
    ['info_hash=', 'Invalid URL: invalid infohash param: string "", expected a 40 character long string'],
    ['offset=-1', 'Failed to deserialize query string: offset: invalid digit found in string'],
    ['offset=a', 'Failed to deserialize query string: offset: invalid digit found in string'],
    ['limit=1.1', 'Failed to deserialize query string: limit: invalid digit found in string'],
    ['limit=4294967296', 'Failed to deserialize query string: limit: number too large to fit in target type'],
    [`info_hash=${HASH}&limit=-1`, 'Failed to deserialize query string: limit: invalid digit found in string'],
  ])('are not listed for ?%s', async (query, body) => {
    expect(await three().answer('GET', `/torrents?${query}`)).toEqual(badRequest(body))
  })
})

describe('figures of API v1', () => {
  it.each(['/stats', '/stats?format=json'])('are JSON at %s', async (path) => {
    const api = aV1Api()

    const answer = await api.answer('GET', path)
    expect(answer.type).toBe(JSON_TYPE)
    expect(JSON.parse(answer.body)).toMatchObject({ torrents: 3, seeders: 5, completed: 11, leechers: 7 })
  })

  it('are lines on request', async () => {
    const answer = await aV1Api().answer('GET', '/stats?format=prometheus')
    expect([answer.status, answer.type]).toEqual([200, TEXT])
    expect(answer.body).toMatch(/^torrents 3\nseeders 5\n/)
  })

  it.each(['/metrics', '/metrics?format=json'])('have labels at %s', async (path) => {
    const answer = await aV1Api().answer('GET', path)
    expect([answer.status, answer.type]).toEqual([200, JSON_TYPE])
    expect(answer.body).toContain('"recorded_at":"2022-11-25T15:31:18+00:00"')
  })

  it('have labels in Prometheus text', async () => {
    const answer = await aV1Api().answer('GET', '/metrics?format=prometheus')
    expect([answer.status, answer.type]).toEqual([200, EXPOSITION_TYPE])
    expect(answer.body).toMatch(/^# HELP swarm_coordination_registry_torrents_added_total /)
  })

  it.each(['/stats', '/metrics'])('have no other format at %s', async (path) => {
    expect(await aV1Api().answer('GET', `${path}?format=xml`)).toEqual(
      badRequest('Failed to deserialize query string: format: unknown variant `xml`, expected `json` or `prometheus`'),
    )
  })

  it('that cannot be read are an internal error', async () => {
    const api = aV1Api()
    const fault = new Error('no such memory')
    api.ports.statistics.snapshot = () => {
      throw fault
    }
    expect(await api.answer('GET', '/stats')).toEqual(rejection('internal error'))
    expect(api.faults).toEqual([fault])
  })
})
