import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Predecessor } from '../../../src/config/take-over/predecessor.ts'

const TIMEOUT_MS = 30_000

let folder: string
let child: ChildProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** A process that runs this script and says when it has begun. */
async function aProcess(script: string): Promise<{ predecessor: Predecessor; ended: Promise<unknown[]> }> {
  child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000); console.log('ready')`])
  const ended = once(child, 'exit')
  if (child.stdout === null || child.pid === undefined) throw new Error('no process')
  await once(child.stdout, 'data')
  return { predecessor: new Predecessor(child.pid), ended }
}

describe('the predecessor', () => {
  it('stops when it is told to', async () => {
    const { predecessor, ended } = await aProcess('')
    expect(await predecessor.stop(TIMEOUT_MS)).toBe('stopped')
    expect(await ended).toEqual([null, 'SIGTERM'])
  })

  it('is killed when it does not stop in time', async () => {
    const { predecessor, ended } = await aProcess("process.on('SIGTERM', () => {})")
    expect(await predecessor.stop(1)).toBe('killed')
    expect(await ended).toEqual([null, 'SIGKILL'])
  })

  it('has stopped when it is gone already', async () => {
    const { predecessor, ended } = await aProcess('')
    child?.kill('SIGKILL')
    await ended
    expect(await predecessor.stop(0)).toBe('stopped')
    expect(await predecessor.saveSwarms(join(folder, 'file'), TIMEOUT_MS)).toBe(false)
  })

  it('saves its swarms when it is asked to, or does not in time', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'before')
    const saving = `
      const { renameSync, writeFileSync } = require('node:fs')
      process.on('SIGUSR2', () => {
        writeFileSync('${file}.draft', 'after')
        renameSync('${file}.draft', '${file}')
      })`
    const { predecessor } = await aProcess(saving)
    expect(await predecessor.saveSwarms(file, TIMEOUT_MS)).toBe(true)
    expect(await predecessor.saveSwarms(join(folder, 'other'), 1)).toBe(false)
  })
})
