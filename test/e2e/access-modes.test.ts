// Which clients are served in each of the four modes, over both protocols, on every thread, with keys in every
// permitted place.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ClientCrowd } from './client-crowd.ts'
import { aDocument, SQLITE } from './documents.ts'
import { managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

const SERVED = ['served']
const NO_KEY = ['authentication required']
const UNREGISTERED = ['unregistered torrent']
const UNKNOWN_KEY = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

const MODES = [
  { isPrivate: false, isListed: false },
  { isPrivate: false, isListed: true },
  { isPrivate: true, isListed: false },
  { isPrivate: true, isListed: true },
]

describe.each(MODES)('private: $isPrivate, listed: $isListed', ({ isPrivate, isListed }) => {
  let tracker: TrackerProcess
  let crowd: ClientCrowd
  let key = ''
  const listed = anInfoHash()
  const unlisted = anInfoHash()

  beforeAll(async () => {
    const listeners = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }
    tracker = await TrackerProcess.start(
      aDocument({ ...listeners, isPrivate, isListed, database: SQLITE, hasApi: true }),
    )
    crowd = await ClientCrowd.open(tracker)
    const management = managementOf(tracker)
    await management.call('addToWhitelist', { body: { info_hash: listed.toString('hex') } })
    key = (await management.call('issueKey', { body: { seconds_valid: null } })).key
  })
  afterAll(async () => {
    crowd.close()
    await tracker[Symbol.asyncDispose]()
  })

  const withoutKey = isPrivate ? NO_KEY : SERVED
  const ofUnlisted = isListed ? UNREGISTERED : SERVED

  it('requires a key if private, and accepts it on either side of the path, as passkey and in URLData', async () => {
    expect(await crowd.overHttp(listed)).toEqual(withoutKey)
    expect(await crowd.overHttp(listed, { before: `/${key}` })).toEqual(SERVED)
    expect(await crowd.overHttp(listed, { after: `/${key}` })).toEqual(SERVED)
    expect(await crowd.overHttp(listed, { query: { passkey: key } })).toEqual(SERVED)
    expect(await crowd.overUdp(listed)).toEqual(withoutKey)
    expect(await crowd.overUdp(listed, '/announce')).toEqual(withoutKey)
    expect(await crowd.overUdp(listed, `/${key}/announce`)).toEqual(SERVED)
    expect(await crowd.overUdp(listed, `/announce/${key}`)).toEqual(SERVED)
    expect(await crowd.overUdp(listed, `/announce?passkey=${key}`)).toEqual(SERVED)
  })

  it('rejects an unknown key, if private', async () => {
    expect(await crowd.overHttp(listed, { before: `/${UNKNOWN_KEY}` })).toEqual(withoutKey)
    expect(await crowd.overUdp(listed, `/${UNKNOWN_KEY}/announce`)).toEqual(withoutKey)
    expect(await crowd.overHttp(listed, { before: '/short' })).toEqual(withoutKey)
  })

  it('serves only what is listed, if listed', async () => {
    expect(await crowd.overHttp(unlisted, { before: `/${key}` })).toEqual(ofUnlisted)
    expect(await crowd.overUdp(unlisted, `/${key}/announce`)).toEqual(ofUnlisted)
  })

  it('answers scrapes with zeros if it would reject an announce', async () => {
    expect(await crowd.countsOverHttp(listed, `/${key}`)).toEqual(['0/1'])
    expect(await crowd.countsOverHttp(listed)).toEqual([isPrivate ? '0/0' : '0/1'])
    expect(await crowd.countsOverHttp(unlisted, `/${key}`)).toEqual([isListed ? '0/0' : '0/1'])
    expect(await crowd.countsOverUdp(listed)).toEqual([isPrivate ? '0/0' : '0/1'])
    expect(await crowd.countsOverUdp(unlisted)).toEqual([isPrivate || isListed ? '0/0' : '0/1'])
  })
})
