// A tracker that follows another on its data directory keeps closed what was closed, unless it is told not to.

import { rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { API_TOKEN, aDocument, type DocumentParts, SQLITE } from './documents.ts'
import { ask } from './http-client.ts'
import { managementOf } from './management-client.ts'
import { aFolder, launched, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

const BOTH = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }
const CLOSED = { ...BOTH, isListed: true, isPrivate: true, database: SQLITE }
const SERVE = ['serve', '--take-over']
const FLAG = '--yes-change-access'
const RECORD = 'storage/tracker/lib/muster.last-run'
/** Listeners of the built-in defaults, on ports that are free. */
const SMALL_DEFAULTS = {
  MUSTER_CONFIG_OVERRIDE_UDP_TRACKERS: '[{ bind_address = "127.0.0.1:0" }]',
  MUSTER_CONFIG_OVERRIDE_HTTP_TRACKERS: '[{ bind_address = "127.0.0.1:0" }]',
  MUSTER_CONFIG_OVERRIDE_HTTP_API__BIND_ADDRESS: '127.0.0.1:0',
  MUSTER_CONFIG_OVERRIDE_HEALTH_CHECK_API__BIND_ADDRESS: '127.0.0.1:0',
}

interface Running {
  readonly directory: string
  readonly file: string
  readonly old: TrackerProcess
}

/** A tracker with a document in a file. */
async function running(parts: DocumentParts): Promise<Running> {
  const directory = aFolder()
  const file = join(directory, 'tracker.toml')
  writeFileSync(file, aDocument(parts))
  return { directory, file, old: await ready(undefined, { directory, args: ['serve', '--config', 'tracker.toml'] }) }
}

async function refusal(tracker: TrackerProcess): Promise<string> {
  expect(await tracker.ended).toEqual({ code: 1, signal: null })
  return tracker.errors + tracker.log.flatMap(({ level, msg }) => (level === 'ERROR' ? [msg] : [])).join('\n')
}

async function isClosed(tracker: TrackerProcess): Promise<boolean> {
  return (await ask(tracker.http[0] ?? '', announceTarget(anInfoHash()))).has('failure reason')
}

async function expectToGoOn(tracker: TrackerProcess): Promise<void> {
  expect(tracker.isRunning).toBe(true)
  expect(await tracker.stop()).toEqual({ code: 0, signal: null })
}

describe('a take-over without a document', () => {
  it('uses the document of the process that it replaces', async () => {
    const { directory, file, old } = await running(CLOSED)
    expect(statSync(join(directory, RECORD)).mode & 0o777).toBe(0o600)
    const next = await ready(undefined, { directory, args: SERVE, env: SMALL_DEFAULTS })
    expect(await old.ended).toEqual({ code: 0, signal: null })
    expect(next.log.map(({ msg }) => msg)).toContain(`configuration: ${file}`)
    expect(await isClosed(next)).toBe(true)
    const third = await ready(undefined, { directory, args: SERVE, env: SMALL_DEFAULTS })
    expect(await isClosed(third)).toBe(true)
    await expectToGoOn(third)
  })

  it('is refused, saying what to pass, if that document was in a variable', async () => {
    const directory = aFolder()
    const old = await ready(aDocument(CLOSED), { directory })
    const said = await refusal(launched(undefined, { directory, args: SERVE, env: SMALL_DEFAULTS }))
    expect(said).toContain(`process ${old.pid} has its document from the variable MUSTER_CONFIG_TOML`)
    expect(said).toContain('pass it with --config')
    await expectToGoOn(old)
  })

  it('is refused if the process does not tell its document', async () => {
    const { directory, old } = await running(BOTH)
    for (const spoil of [() => writeFileSync(join(directory, RECORD), '{'), () => rmSync(join(directory, RECORD))]) {
      spoil()
      const said = await refusal(launched(undefined, { directory, args: SERVE, env: SMALL_DEFAULTS }))
      expect(said).toContain('the take-over has no document')
      expect(said).toContain('pass it with --config')
    }
    await expectToGoOn(old)
  })

  it('of a tracker without a document needs none', async () => {
    const directory = aFolder()
    const old = await ready(undefined, { directory, env: SMALL_DEFAULTS })
    const next = await ready(undefined, { directory, args: SERVE, env: SMALL_DEFAULTS })
    expect(await old.ended).toEqual({ code: 0, signal: null })
    await expectToGoOn(next)
  })
})

describe('a take-over that would change what clients may do', () => {
  it.each<[string, DocumentParts, DocumentParts, string]>([
    ['private and listed to public', CLOSED, BOTH, 'it is private and listed, this one public'],
    ['listed to public', { ...CLOSED, isPrivate: false }, BOTH, 'it is listed, this one public'],
    ['private and listed to listed', CLOSED, { ...CLOSED, isPrivate: false }, 'this one listed'],
    ['without its UDP listener', BOTH, { http: BOTH.http }, 'nothing would listen on udp://127.0.0.1:'],
  ])('is refused, and goes on when it is asked to: %s', async (_, before, after, said) => {
    const { directory, file, old } = await running(before)
    const document = aDocument(after)
    const error = await refusal(launched(document, { directory, args: SERVE }))
    for (const part of [`process ${old.pid} `, said, file, FLAG]) expect(error).toContain(part)
    expect(old.isRunning).toBe(true)
    const next = await ready(document, { directory, args: [...SERVE, FLAG] })
    expect(await old.ended).toEqual({ code: 0, signal: null })
    await expectToGoOn(next)
  })

  it('is no such take-over if access becomes narrower', async () => {
    const { directory, old } = await running(BOTH)
    const next = await ready(aDocument(CLOSED), { directory, args: SERVE })
    expect(await old.ended).toEqual({ code: 0, signal: null })
    await expectToGoOn(next)
  })
})

describe('a start without a document', () => {
  it('is refused where a closed tracker has run, and says what to pass', async () => {
    const { directory, file, old } = await running(CLOSED)
    await old.stop()
    for (const args of [[], SERVE]) {
      const said = await refusal(launched(undefined, { directory, args, env: SMALL_DEFAULTS }))
      expect(said).toContain('was private and listed; without a document this one would be public')
      expect(said).toContain(`pass --config ${file}, or ${FLAG}`)
    }
    const closed = { MUSTER_CONFIG_OVERRIDE_CORE__LISTED: 'true', MUSTER_CONFIG_OVERRIDE_CORE__PRIVATE: 'true' }
    await expectToGoOn(await ready(undefined, { directory, env: { ...SMALL_DEFAULTS, ...closed } }))
    await expectToGoOn(await ready(undefined, { directory, args: ['serve', '--config', file] }))
    await expectToGoOn(await ready(undefined, { directory, args: ['serve', FLAG], env: SMALL_DEFAULTS }))
    // The last tracker was public.
    await expectToGoOn(await ready(undefined, { directory, env: SMALL_DEFAULTS }))
  })

  it('is refused after a closed tracker that was killed', async () => {
    const { directory, old } = await running(CLOSED)
    await old.stop('SIGKILL')
    const said = await refusal(launched(undefined, { directory, env: SMALL_DEFAULTS }))
    expect(said).toContain('was private and listed')
  })

  it.each([
    ['a key', true, false, 'the database has keys,', 'private'],
    ['a whitelist', false, true, 'the database has a whitelist,', 'listed'],
    ['both', true, true, 'the database has keys and a whitelist,', 'private and listed'],
  ])('is refused if an older version left no record, but %s', async (_, hasKey, hasTorrent, said, was) => {
    const directory = aFolder()
    const env = { ...SMALL_DEFAULTS, MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS__ADMIN: API_TOKEN }
    const first = await ready(undefined, { directory, env })
    const api = managementOf(first)
    if (hasKey) await api.call('issueKey', { body: { seconds_valid: null } })
    if (hasTorrent) await api.call('addToWhitelist', { body: { info_hash: 'ab'.repeat(20) } })
    await first.stop()
    rmSync(join(directory, RECORD))
    const start = { directory, env: SMALL_DEFAULTS }
    for (const args of [[], SERVE]) {
      const error = await refusal(launched(undefined, { ...start, args }))
      expect(error).toContain(said)
      expect(error).toContain(`seems to have been ${was}; without a document this one would be public`)
    }
    const closed = { MUSTER_CONFIG_OVERRIDE_CORE__LISTED: 'true', MUSTER_CONFIG_OVERRIDE_CORE__PRIVATE: 'true' }
    await expectToGoOn(await ready(undefined, { directory, env: { ...SMALL_DEFAULTS, ...closed } }))
    rmSync(join(directory, RECORD))
    await expectToGoOn(await ready(undefined, { ...start, args: ['serve', FLAG] }))
    // The last tracker was public, and nothing is in doubt.
    await expectToGoOn(await ready(undefined, start))
  })

  it('is served if an older version left neither', async () => {
    const directory = aFolder()
    await (await ready(undefined, { directory, env: SMALL_DEFAULTS })).stop()
    rmSync(join(directory, RECORD))
    await expectToGoOn(await ready(undefined, { directory, env: SMALL_DEFAULTS }))
  })

  it('is served where a public tracker has run, and where none has', async () => {
    const { directory, old } = await running(BOTH)
    await old.stop()
    await expectToGoOn(await ready(undefined, { directory, env: SMALL_DEFAULTS }))
  })
})
