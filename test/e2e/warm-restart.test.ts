// Swarms across a restart: what is saved when and where, which peers are restored, and how invalid files are handled.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Crowd } from './crowd.ts'
import { aDocument } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'
import type { LogLine, TrackerProcess } from './tracker-process.ts'

const BOTH = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }
const SIZE = { udp: 4, http: 4 }
function fileIn(directory: string): string {
  return join(directory, 'storage/tracker/lib/swarms.snapshot')
}

function said(tracker: TrackerProcess): LogLine[] {
  return tracker.log.filter(({ target }) => target === 'SNAPSHOT')
}

/** A tracker that was stopped while a crowd announced to it. */
async function stoppedUnderLoad(document: string, directory: string): Promise<Crowd> {
  const tracker = await ready(document, { directory })
  const crowd = new Crowd(tracker.udp[0] ?? '', tracker.http[0] ?? '', SIZE)
  await crowd.goesOnFor(300)
  const ending = await tracker.stop()
  await crowd.end()
  expect(ending).toEqual({ code: 0, signal: null })
  return crowd
}

describe('a restart', () => {
  it('under load restores every client that was answered', async () => {
    const directory = aFolder()
    const crowd = await stoppedUnderLoad(aDocument(BOTH), directory)
    expect(statSync(fileIn(directory)).mode & 0o777).toBe(0o600)
    const again = await ready(aDocument(BOTH), { directory })
    expect(crowd.peers).toBeGreaterThanOrEqual(600)
    expect(await crowd.peersKnownTo(again.http[0] ?? '')).toBeGreaterThanOrEqual(crowd.peers * 0.999)
    expect(said(again).map(({ msg }) => msg)).toEqual(['swarms loaded'])
  })

  it('begins without swarms, and reports why, if the file is damaged or of another kind', async () => {
    const directory = aFolder()
    const crowd = await stoppedUnderLoad(aDocument(BOTH), directory)
    const whole = readFileSync(fileIn(directory))
    const damaged = Buffer.from(whole)
    damaged[whole.length >> 1] ^= 1
    for (const [content, reason] of [
      [damaged, 'it is damaged'],
      [whole.subarray(0, whole.length >> 1), 'it is incomplete'],
      [Buffer.alloc(1000, 'x'), 'it is not a snapshot'],
    ] as const) {
      writeFileSync(fileIn(directory), content)
      const again = await ready(aDocument(BOTH), { directory })
      expect(said(again)).toEqual([expect.objectContaining({ level: 'WARN', msg: expect.stringContaining(reason) })])
      expect(await crowd.peersKnownTo(again.http[0] ?? '')).toBe(0)
      await again.stop()
    }
  })

  it('leaves the snapshot unchanged if it fails', async () => {
    const directory = aFolder()
    await stoppedUnderLoad(aDocument(BOTH), directory)
    const before = readFileSync(fileIn(directory))
    const more =
      '[[http_trackers]]\nbind_address = "127.0.0.1:0"\n' +
      '[http_trackers.tls_config]\nssl_cert_path = "/nowhere/cert.pem"\nssl_key_path = "/nowhere/key.pem"'
    const failing = launched(aDocument({ ...BOTH, more }), { directory })
    expect((await failing.ended).code).toBe(1)
    expect(readFileSync(fileIn(directory))).toEqual(before)
  })

  it('stores nothing if snapshots are disabled', async () => {
    const directory = aFolder()
    const crowd = await stoppedUnderLoad(aDocument({ ...BOTH, more: '[snapshot]\nenabled = false' }), directory)
    expect(() => statSync(fileIn(directory))).toThrow()
    const again = await ready(aDocument(BOTH), { directory })
    expect(await crowd.peersKnownTo(again.http[0] ?? '')).toBe(0)
  })
})

describe('a running tracker', () => {
  it('saves its swarms periodically, and on SIGUSR2', async () => {
    const directory = aFolder()
    const file = join(directory, 'elsewhere.snapshot')
    const tracker = await ready(aDocument({ ...BOTH, more: `[snapshot]\ninterval = 1\nfile = "${file}"` }), {
      directory,
    })
    await tracker.printed((line) => line.includes('swarms saved'))
    tracker.signal('SIGUSR2')
    const count = () => said(tracker).filter(({ msg }) => msg === 'swarms saved').length
    await tracker.printed(() => count() >= 3)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})
