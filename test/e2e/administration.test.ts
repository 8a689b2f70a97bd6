// An administrator's changes apply on every thread as soon as they are acknowledged, and survive a restart.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ClientCrowd } from './client-crowd.ts'
import { API_TOKEN, aDocument, SQLITE } from './documents.ts'
import { askV1, managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

const SERVED = ['served']
const NO_KEY = ['authentication required']
const UNREGISTERED = ['unregistered torrent']
const OK = '200 {"status":"ok"}'

function aTracker(modes: { isPrivate?: boolean; isListed?: boolean }, directory?: string) {
  return TrackerProcess.start(
    aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], database: SQLITE, hasApi: true, ...modes }),
    directory === undefined ? {} : { directory },
  )
}

describe('a tracker whose management API has a public URL', () => {
  it('serves it under that host and its own, and under no other', async () => {
    await using tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0'], hasApi: true }), {
      env: {
        MUSTER_CONFIG_OVERRIDE_HTTP_API__PUBLIC_URL: 'https://api.example.org/tracker',
        MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOWED_HOSTS: '["other.example.org"]',
      },
    })
    const statusFor = async (host: string) => {
      const sent = request(`${tracker.api}/api/v1/stats?token=${API_TOKEN}`, { headers: { host }, agent: false }).end()
      const [response] = await once(sent, 'response')
      response.resume()
      return response.statusCode
    }
    for (const host of ['api.example.org', 'other.example.org', 'localhost', new URL(tracker.api).host]) {
      expect(await statusFor(host)).toBe(200)
    }
    for (const host of ['evil.example.org', 'example.org', 'tracker']) expect(await statusFor(host)).toBe(421)
  })
})

describe('a listed tracker', () => {
  let tracker: TrackerProcess
  let crowd: ClientCrowd
  beforeAll(async () => {
    tracker = await aTracker({ isListed: true })
    crowd = await ClientCrowd.open(tracker)
  })
  afterAll(async () => {
    crowd.close()
    await tracker[Symbol.asyncDispose]()
  })

  const outcomes = async (infoHash: Uint8Array) => [await crowd.overUdp(infoHash), await crowd.overHttp(infoHash)]

  it('serves a torrent on all threads from the moment it is added, and on none from the moment it is removed (v2)', async () => {
    const infoHash = anInfoHash()
    const hex = infoHash.toString('hex')
    const management = managementOf(tracker)
    for (let round = 0; round < 3; round++) {
      expect(await outcomes(infoHash)).toEqual([UNREGISTERED, UNREGISTERED])
      await management.call('addToWhitelist', { body: { info_hash: hex } })
      expect(await outcomes(infoHash)).toEqual([SERVED, SERVED])
      await management.call('removeFromWhitelist', { params: { info_hash: hex } })
    }
  })

  it('does so through v1', async () => {
    const infoHash = anInfoHash()
    const hex = infoHash.toString('hex')
    expect(await askV1(tracker, 'POST', `whitelist/${hex}`)).toBe(OK)
    expect(await outcomes(infoHash)).toEqual([SERVED, SERVED])
    expect(await askV1(tracker, 'GET', 'whitelist/reload')).toBe(OK)
    expect(await outcomes(infoHash)).toEqual([SERVED, SERVED])
    expect(await askV1(tracker, 'DELETE', `whitelist/${hex}`)).toBe(OK)
    expect(await outcomes(infoHash)).toEqual([UNREGISTERED, UNREGISTERED])
  })

  it('shows in v1 when a peer announced, in milliseconds since 1970 and right to the second', async () => {
    const infoHash = anInfoHash()
    const hex = infoHash.toString('hex')
    await askV1(tracker, 'POST', `whitelist/${hex}`)
    const before = Date.now()
    await crowd.overUdp(infoHash)
    const answer = await askV1(tracker, 'GET', `torrent/${hex}`)
    const { peers } = JSON.parse(answer.slice('200 '.length))
    const { updated, updated_milliseconds_ago, updated_at_ms } = peers[0]
    expect([updated_milliseconds_ago, updated_at_ms, updated % 1000]).toEqual([updated, updated, 0])
    expect(updated).toBeGreaterThan(before - 2000)
    expect(updated).toBeLessThanOrEqual(Date.now())
  })

  it('rejects a blocked torrent although it is listed, hides its swarm, and serves it again once unblocked', async () => {
    const infoHash = anInfoHash()
    const hex = infoHash.toString('hex')
    const management = managementOf(tracker)
    await management.call('addToWhitelist', { body: { info_hash: hex } })
    expect(await outcomes(infoHash)).toEqual([SERVED, SERVED])
    await management.call('addToBlocklist', { body: { info_hash: hex, reason: 'notice 17' } })
    expect(await outcomes(infoHash)).toEqual([UNREGISTERED, UNREGISTERED])
    expect(await crowd.countsOverUdp(infoHash)).toEqual(['0/0'])
    expect(await crowd.countsOverHttp(infoHash)).toEqual(['0/0'])
    await management.call('removeFromBlocklist', { params: { info_hash: hex } })
    expect(await outcomes(infoHash)).toEqual([SERVED, SERVED])
  })

  it('gets a clear error from the command line if the file to import does not exist', async () => {
    const command = new TrackerProcess(undefined, {
      args: ['whitelist', 'import', 'no-such-file', '--url', tracker.api],
      env: { MUSTER_API_TOKEN: API_TOKEN },
    })
    expect((await command.ended).code).toBe(1)
    expect(command.errors).toBe('no-such-file cannot be read (ENOENT).\n')
  })
})

describe('the label of a key', () => {
  it('is in answers, and in no log, metric or statistic', async () => {
    const label = 'labelled-for-somebody'
    const document = aDocument({ udp: ['127.0.0.1:0'], database: SQLITE, hasApi: true, isPrivate: true })
    await using tracker = await TrackerProcess.start(document, {
      env: { MUSTER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER: 'trace' },
    })
    const management = managementOf(tracker)
    const { id, key } = await management.call('issueKey', { body: { label, seconds_valid: 1 } })
    await expect(management.call('issueKey', { body: { key, label } })).rejects.toMatchObject({ status: 409 })
    await management.call('changeKey', { params: { id }, body: { label: `${label}-2` } })
    expect(await management.call('listKeys', { query: { label } })).toMatchObject({ keys: [{ label: `${label}-2` }] })
    const shown = [
      await management.call('getMetrics'),
      JSON.stringify(await management.call('getStatistics')),
      await askV1(tracker, 'GET', 'metrics'),
    ]
    await management.call('revokeKey', { params: { id } })
    for (const text of [...shown, JSON.stringify(tracker.log)]) expect(text).not.toContain(label)
  })
})

describe('a private tracker', () => {
  let tracker: TrackerProcess
  let crowd: ClientCrowd
  beforeAll(async () => {
    tracker = await aTracker({ isPrivate: true })
    crowd = await ClientCrowd.open(tracker)
  })
  afterAll(async () => {
    crowd.close()
    await tracker[Symbol.asyncDispose]()
  })

  const outcomes = async (key: string) => [
    await crowd.overUdp(anInfoHash(), `/${key}/announce`),
    await crowd.overHttp(anInfoHash(), { before: `/${key}` }),
  ]

  it('accepts a key on all threads until it is revoked', async () => {
    const management = managementOf(tracker)
    const { id, key } = await management.call('issueKey', { body: { seconds_valid: 3600 } })
    expect(await outcomes(key)).toEqual([SERVED, SERVED])
    await management.call('revokeKey', { params: { id } })
    expect(await outcomes(key)).toEqual([NO_KEY, NO_KEY])
  })

  it('accepts imported keys on all threads', async () => {
    const management = managementOf(tracker)
    const [lasting, expired] = ['lasting', 'expired'].map((name) => name.padEnd(32, 'x'))
    const lines = `${lasting}\n{"key":"${expired}","valid_until":"2001-01-01T00:00:00Z","label":"a friend"}\n`
    const body = (async function* () {
      yield Buffer.from(lines)
    })()
    expect(await management.call('importKeys', { body })).toMatchObject({ added: 2, invalid: 0 })
    expect(await outcomes(lasting ?? '')).toEqual([SERVED, SERVED])
    expect(await outcomes(expired ?? '')).toEqual([NO_KEY, NO_KEY])
  })

  it('accepts a key of v1, whether generated here or elsewhere', async () => {
    const key = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
    expect(await askV1(tracker, 'POST', 'keys', { key, seconds_valid: null })).toBe(
      `200 {"key":"${key}","valid_until":null,"expiry_time":null}`,
    )
    expect(await outcomes(key)).toEqual([SERVED, SERVED])
    expect(await askV1(tracker, 'POST', 'keys', { key, seconds_valid: 60 })).toBe(
      '500 Unhandled rejection: Err { reason: "failed to generate key: the entry already exists" }',
    )
    expect(await askV1(tracker, 'DELETE', `key/${key}`)).toBe(OK)
    expect(await outcomes(key)).toEqual([NO_KEY, NO_KEY])
  })
})

describe('what is in the database', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'muster-restart-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('survives a kill of the tracker: keys, both lists, and counts that were written', async () => {
    const modes = { isPrivate: true, isListed: true }
    const listed = anInfoHash()
    const blocked = anInfoHash()
    let key = ''
    {
      await using tracker = await aTracker(modes, directory)
      const management = managementOf(tracker)
      key = (await management.call('issueKey', { body: { seconds_valid: null } })).key
      await management.call('addToWhitelist', {
        body: { info_hashes: [listed, blocked].map((infoHash) => infoHash.toString('hex')) },
      })
      await management.call('addToBlocklist', { body: { info_hash: blocked.toString('hex'), reason: 'notice 18' } })
      // Killed without a signal that it could handle.
    }
    await using tracker = await aTracker(modes, directory)
    const crowd = await ClientCrowd.open(tracker)
    try {
      expect(await crowd.overUdp(listed, `/${key}/announce`)).toEqual(SERVED)
      expect(await crowd.overHttp(listed, { before: `/${key}` })).toEqual(SERVED)
      expect(await crowd.overUdp(blocked, `/${key}/announce`)).toEqual(UNREGISTERED)
      expect(await crowd.overUdp(listed)).toEqual(NO_KEY)
    } finally {
      crowd.close()
    }
  })
})
