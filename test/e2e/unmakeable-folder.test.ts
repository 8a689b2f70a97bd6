// A data directory that cannot be made: the tracker says why, and always ends.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { aDocument } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'

const LISTENERS = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }

describe('a data directory that the system refuses to make', () => {
  it('ends the start, with the reason in the log', async () => {
    const tracker = launched(aDocument({ ...LISTENERS, more: '[process]\ndata_directory = "/proc/nope"' }))
    expect(await tracker.ended).toEqual({ code: 1, signal: null })
    const log = tracker.lines.join('\n')
    expect(log).toContain("the folder /proc/nope cannot be made: ENOENT: no such file or directory, mkdir '/proc/nope'")
  })
})

describe('a working directory that is removed while the tracker runs', () => {
  it('still lets it stop, and the log says why the last snapshot is missing', async () => {
    const directory = join(aFolder(), 'work')
    mkdirSync(directory)
    const tracker = await ready(aDocument(LISTENERS), { directory })
    rmSync(directory, { recursive: true })
    expect(await tracker.stop()).toEqual({ code: 1, signal: null })
    const reason = `cannot be made: ENOENT: no such file or directory, mkdir 'storage'; the working directory, ${directory}, has been removed`
    const errors = tracker.log.flatMap(({ level, msg }) => (level === 'ERROR' ? [msg] : []))
    expect(errors).toEqual([
      `swarms cannot be saved: the folder storage/tracker/lib ${reason}`,
      `the last snapshot could not be stopped in order: the folder storage/tracker/lib ${reason}`,
    ])
    expect(tracker.log.at(-1)?.msg).toBe('the tracker has stopped')
  })

  it('does not matter if the data directory is elsewhere, even if that is removed too', async () => {
    const home = aFolder()
    const [directory, data] = [join(home, 'work'), join(home, 'data/lib')]
    mkdirSync(directory)
    const document = aDocument({ ...LISTENERS, more: `[process]\ndata_directory = ${JSON.stringify(data)}` })
    const tracker = await ready(document, { directory })
    rmSync(directory, { recursive: true })
    rmSync(join(home, 'data'), { recursive: true })
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    mkdirSync(directory)
    const again = await ready(document, { directory })
    expect(again.log.some(({ msg }) => msg === 'swarms loaded')).toBe(true)
  })
})
