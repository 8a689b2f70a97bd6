// One data directory, one tracker, however two come to meet there; and the lock goes with a process, however it ends.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { canMount, withSmallDisk } from '../fixtures/small-disk.ts'
import { aDocument } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'

const DATA = 'storage/tracker/lib'
const DOCUMENT = aDocument({ udp: ['127.0.0.1:0'] })
const TAKE_OVER = { args: ['serve', '--take-over'] }
const STOPPED = { code: 0, signal: null }
const REFUSED = { code: 1, signal: null }

function errorsOf(tracker: TrackerProcess): string {
  return tracker.log.flatMap(({ level, msg }) => (level === 'ERROR' ? [msg] : [])).join('\n')
}

function warningsOf(tracker: TrackerProcess): string {
  return tracker.log.flatMap(({ level, msg }) => (level === 'WARN' ? [msg] : [])).join('\n')
}

function isReady({ log }: TrackerProcess): boolean {
  return log.some(({ msg }) => msg === 'the tracker is ready')
}

/** Resolves when all but `count` have ended, those that go on being ready. */
async function settled(trackers: readonly TrackerProcess[], count: number): Promise<readonly TrackerProcess[]> {
  const running = () => trackers.filter((tracker) => tracker.isRunning)
  while (running().length > count) await Promise.race(running().map(({ ended }) => ended))
  for (const tracker of running()) await tracker.printed((line) => line.includes('the tracker is ready'))
  return running()
}

async function expectToServe(tracker: TrackerProcess): Promise<void> {
  expect(tracker.isRunning).toBe(true)
  expect(await tracker.stop()).toEqual(STOPPED)
}

describe('a second tracker in a data directory', () => {
  it('is refused, and told where, by whom and what to do', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    const second = launched(DOCUMENT, { directory })
    expect(await second.ended).toEqual(REFUSED)
    const error = errorsOf(second)
    for (const part of [`process ${first.pid} `, join(directory, DATA), '--take-over', 'process.data_directory']) {
      expect(error).toContain(part)
    }
    await expectToServe(first)
    expect(existsSync(join(directory, DATA, 'muster.pid'))).toBe(false)
  })

  it('is refused while the first one is still starting', async () => {
    const directory = aFolder()
    const first = launched(DOCUMENT, { directory })
    await first.printed((line) => line.includes('Starting on: udp'))
    expect(await launched(DOCUMENT, { directory }).ended).toEqual(REFUSED)
    await settled([first], 1)
    await expectToServe(first)
  })

  it('is refused when it comes by another path', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    const other = aFolder()
    mkdirSync(join(other, 'storage/tracker'), { recursive: true })
    symlinkSync(join(directory, DATA), join(other, DATA))
    const second = launched(DOCUMENT, { directory: other })
    expect(await second.ended).toEqual(REFUSED)
    expect(errorsOf(second)).toContain(`process ${first.pid} `)
    await expectToServe(first)
  })

  it('is refused when the lock file has been removed', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    rmSync(join(directory, DATA, 'muster.lock'))
    expect(await launched(DOCUMENT, { directory }).ended).toEqual(REFUSED)
    await expectToServe(first)
  })

  it('is one of five that start at the same moment: one serves', async () => {
    const directory = aFolder()
    const all = Array.from({ length: 5 }, () => launched(DOCUMENT, { directory }))
    const [one, ...others] = await settled(all, 1)
    expect(others).toEqual([])
    for (const tracker of all) if (tracker !== one) expect(await tracker.ended).toEqual(REFUSED)
    await expectToServe(one as TrackerProcess)
  })
})

describe('a data directory', () => {
  it('is free after a process that was killed, whoever has its number now', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    expect(await first.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
    const pidFile = join(directory, DATA, 'muster.pid')
    expect(readFileSync(pidFile, 'utf8')).toContain(`${first.pid} `)
    const second = await ready(DOCUMENT, { directory })
    await second.stop('SIGKILL')
    writeFileSync(pidFile, `${process.pid} 1\n`)
    const third = await ready(DOCUMENT, { directory, ...TAKE_OVER })
    expect(third.lines.join('\n')).toContain('nothing to take over')
    expect(readFileSync(pidFile, 'utf8')).toContain(`${third.pid} `)
    await expectToServe(third)
  })
})

describe('of take-overs', () => {
  it('that begin at the same moment, one serves in the end', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    const all = Array.from({ length: 3 }, () => launched(DOCUMENT, { directory, ...TAKE_OVER }))
    const [one] = await settled([first, ...all], 1)
    expect(one).not.toBe(first)
    expect(await first.ended).toEqual(STOPPED)
    // One that was not refused was ready, and then taken over from.
    for (const tracker of all) {
      if (tracker !== one) expect(await tracker.ended).toEqual(isReady(tracker) ? STOPPED : REFUSED)
    }
    await expectToServe(one as TrackerProcess)
  })

  it('the second one is refused while the first lasts, and so is a plain start', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    // It cannot save its swarms or stop now, and so the take-over lasts.
    first.signal('SIGSTOP')
    const successor = launched(DOCUMENT, { directory, ...TAKE_OVER })
    await successor.printed((line) => line.includes(`taking over from process ${first.pid}`))
    const second = launched(DOCUMENT, { directory, ...TAKE_OVER })
    expect(await second.ended).toEqual(REFUSED)
    expect(errorsOf(second)).toContain('another take-over of')
    expect(await launched(DOCUMENT, { directory }).ended).toEqual(REFUSED)
    first.signal('SIGCONT')
    await settled([first, successor], 1)
    expect(await first.ended).toEqual(STOPPED)
    await expectToServe(successor)
  })

  it('one whose process dies half-way leaves the old tracker alone, and the next one succeeds', async () => {
    const directory = aFolder()
    const first = await ready(DOCUMENT, { directory })
    first.signal('SIGSTOP')
    const dying = launched(DOCUMENT, { directory, ...TAKE_OVER })
    await dying.printed((line) => line.includes(`taking over from process ${first.pid}`))
    await dying.stop('SIGKILL')
    first.signal('SIGCONT')
    const next = await ready(DOCUMENT, { directory, ...TAKE_OVER })
    expect(await first.ended).toEqual(STOPPED)
    await expectToServe(next)
  })

  it('one from a tracker without locks works, and excludes a second one', async () => {
    const directory = aFolder()
    const data = join(directory, DATA)
    mkdirSync(data, { recursive: true })
    // As a version before locks: it has nothing but its process file.
    const old = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); process.on("SIGUSR2", () => {})'])
    await once(old, 'spawn')
    const stat = readFileSync(`/proc/${old.pid}/stat`, 'latin1')
    writeFileSync(join(data, 'muster.pid'), `${old.pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}\n`)
    const ended = once(old, 'exit')
    const plain = launched(DOCUMENT, { directory })
    expect(await plain.ended).toEqual(REFUSED)
    expect(errorsOf(plain)).toContain(`process ${old.pid} `)
    const document = `${DOCUMENT}\n[snapshot]\nenabled = false`
    const successors = [1, 2].map(() => launched(document, { directory, ...TAKE_OVER }))
    const [one] = await settled(successors, 1)
    expect(await ended).toEqual([null, 'SIGTERM'])
    await expectToServe(one as TrackerProcess)
  })
})

const isPossible = canMount() && spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0
const describeIfPossible = isPossible || process.env['CI'] === 'true' ? describe : describe.skip

describeIfPossible('a tracker of another PID namespace', () => {
  it('keeps a second one away, which cannot take over from it', async () => {
    const directory = aFolder()
    const within = ['unshare', '--pid', '--fork', '--kill-child']
    const first = await ready(DOCUMENT, { directory, within })
    for (const options of [{}, TAKE_OVER]) {
      const second = launched(DOCUMENT, { directory, ...options })
      expect(await second.ended).toEqual(REFUSED)
      expect(errorsOf(second)).toContain('not visible from here')
    }
    const inside = launched(DOCUMENT, { directory, within })
    expect(await inside.ended).toEqual(REFUSED)
    expect(first.isRunning).toBe(true)
  })
})

describeIfPossible('a data directory that cannot be locked', () => {
  it.each([
    ['is read-only', 'ro'],
    ['has no room for another file', 'nr_inodes=1'],
  ])('because it %s is served from, with a warning', async (_, options) => {
    const directory = aFolder()
    const data = join(directory, DATA)
    mkdirSync(data, { recursive: true })
    // The key of connection ids would be missed there.
    const document = aDocument({ http: ['127.0.0.1:0'], more: '[snapshot]\nenabled = false' })
    const tracker = await ready(document, { directory, within: withSmallDisk(data, options) })
    expect(warningsOf(tracker)).toContain(`a second tracker cannot be kept away from ${data}, which cannot be locked: `)
    await expectToServe(tracker)
  })
})
