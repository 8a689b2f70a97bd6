// Log lines for a reader that does not read, a reader that has closed its end, and a full disk.

import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { LogOutput, MAX_BACKLOG_BYTES } from '../../../src/config/process/log-output.ts'
import { createLogger } from '../../../src/config/process/logger.ts'

const LINE_BYTES = 1024
/** What Linux buffers for a pipe. */
const PIPE_BYTES = 65_536

/** Both ends of a named pipe, as a parent process creates them: the writing end blocks. */
function pipe(): { readonly reads: number; readonly writes: number } {
  const path = join(mkdtempSync(join(tmpdir(), 'muster-log-')), 'pipe')
  execFileSync('mkfifo', [path])
  const reads = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { reads, writes: openSync(path, constants.O_WRONLY) }
}

function lineOf(number: number): string {
  return `${String(number).padStart(LINE_BYTES - 1, '.')}\n`
}

/** Numbers of the complete lines that are in the pipe now. */
function readLines(fd: number): string {
  const buffer = Buffer.alloc(PIPE_BYTES)
  let text = ''
  try {
    for (let length = 1; length > 0; ) {
      length = readSync(fd, buffer)
      text += buffer.toString('latin1', 0, length)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return text
}

function numbersIn(text: string): readonly number[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => Number(line.replaceAll('.', '')))
}

describe('the output of the log', () => {
  it('buffers what is not read, drops and counts the excess, and reports it when reading resumes', async () => {
    const { reads, writes } = pipe()
    const output = new LogOutput(writes)
    const recovered = new Promise<readonly [number, string]>((resolve) => {
      output.onRecovery = (dropped, reason) => resolve([dropped, reason])
    })
    let told = 0
    output.onDrop = () => told++
    const lines = 3000
    for (let i = 0; i < lines; i++) output.write(lineOf(i))
    expect(lines - output.droppedLines).toBe((PIPE_BYTES + MAX_BACKLOG_BYTES) / LINE_BYTES)
    expect(told).toBe(output.droppedLines)

    let isRecovered = false
    void recovered.then(() => {
      isRecovered = true
    })
    let text = ''
    while (!isRecovered) {
      text += readLines(reads)
      await new Promise((resolve) => setImmediate(resolve))
    }
    text += readLines(reads)
    expect(await recovered).toEqual([output.droppedLines, expect.any(String)])
    expect(numbersIn(text)).toEqual(Array.from({ length: lines - told }, (_, i) => i))
    output.write(lineOf(lines))
    expect(readLines(reads)).toBe(lineOf(lines))
    await output.close(0)
  })

  it('takes exactly as many bytes as the backlog has room for', async () => {
    const output = new LogOutput(openSync('/dev/full', 'w'))
    output.write('x'.repeat(MAX_BACKLOG_BYTES - 1))
    expect(output.droppedLines).toBe(0)
    output.write('x')
    expect(output.droppedLines).toBe(0)
    output.write('x')
    expect(output.droppedLines).toBe(1)
    await output.close(0)
    expect(output.droppedLines).toBe(3)
  })

  it('drops lines at once when the reader has closed its end', async () => {
    const { reads, writes } = pipe()
    const output = new LogOutput(writes)
    closeSync(reads)
    for (let i = 0; i < 10; i++) output.write(lineOf(i))
    expect(output.droppedLines).toBe(10)
    await output.close(60_000)
  })

  it('closes within its deadline although nothing is read', async () => {
    const { writes } = pipe()
    const output = new LogOutput(writes)
    for (let i = 0; i < 100; i++) output.write(lineOf(i))
    expect(output.droppedLines).toBe(0)
    await output.close(1)
    expect(output.droppedLines).toBeGreaterThan(30)
  })

  it('reports lost lines in one log line', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'muster-log-')), 'out')
    const output = new LogOutput(openSync(path, 'w'))
    createLogger({ filter: { level: 'info', targets: [] }, style: 'json' }, output, false)
    output.onRecovery(1, 'ENOSPC')
    output.onRecovery(20, 'EAGAIN')
    const messages = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(messages).toMatchObject([
      { level: 'WARN', msg: '1 log line was dropped (ENOSPC)' },
      { level: 'WARN', msg: '20 log lines were dropped (EAGAIN)' },
    ])
  })
})
