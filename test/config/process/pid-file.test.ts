import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isRunning, PidFile } from '../../../src/config/process/pid-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
  path = join(folder, 'deep', 'muster.pid')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the process file', () => {
  it('names this process to others, is private, and names no other process to itself', () => {
    const file = new PidFile(path)
    expect(file.otherPid()).toBeUndefined()
    file.write()
    expect(readFileSync(path, 'latin1')).toMatch(new RegExp(`^${process.pid} `))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(file.otherPid()).toBeUndefined()
    file.remove()
    expect(existsSync(path)).toBe(false)
  })

  it('names another process for as long as it is the same one', async () => {
    const file = new PidFile(path)
    file.write()
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    writeFileSync(path, `${pid} ${startedAt}\n`)
    expect([file.otherPid(), isRunning(pid)]).toEqual([pid, true])
    // The id of a process that ended long ago, reused by this one.
    writeFileSync(path, `${pid} 1\n`)
    expect(file.otherPid()).toBeUndefined()
    file.remove()
    expect(existsSync(path)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    writeFileSync(path, `${pid} ${startedAt}\n`)
    expect([file.otherPid(), isRunning(pid)]).toEqual([undefined, false])
  })

  it('never names anything but a single process', () => {
    const file = new PidFile(path)
    file.write()
    for (const content of ['', '0', '-1', '1e3', 'x', '99999999999', '1.5 -']) {
      writeFileSync(path, content)
      expect(file.otherPid()).toBeUndefined()
    }
  })
})
