// A tracker whose standard output cannot be written: it still serves, saves its swarms and stops in order.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { freePort } from '../fixtures/answering-services.ts'
import { aDocument } from './documents.ts'
import { ROOT } from './tracker-process.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/**
 * Starts a tracker with that standard output, waits until it is ready, saves on request and stops it; its exit code.
 */
async function runWith(stdout: number): Promise<number | null> {
  const port = await freePort()
  const document = aDocument({ udp: ['127.0.0.1:0'], more: `[health_check_api]\nbind_address = "127.0.0.1:${port}"` })
  const tracker = spawn(process.execPath, [join(ROOT, 'src/config/main.ts')], {
    cwd: folder,
    env: { ...process.env, MUSTER_CONFIG_TOML: document, MUSTER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER: 'trace' },
    stdio: ['ignore', stdout, 'inherit'],
  })
  const ended = once(tracker, 'exit')
  try {
    while ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status !== 200) {
      expect(tracker.exitCode).toBeNull()
      await new Promise((resolve) => setImmediate(resolve))
    }
    tracker.kill('SIGTERM')
    const [code] = await ended
    return code
  } finally {
    tracker.kill('SIGKILL')
  }
}

describe('a log that cannot be written', () => {
  it('does not end the tracker if the disk is full', async () => {
    const full = openSync('/dev/full', 'w')
    expect(await runWith(full)).toBe(0)
    closeSync(full)
    expect(existsSync(join(folder, 'storage/tracker/lib/swarms.snapshot'))).toBe(true)
  })

  it('does not block the tracker if its pipe is full and not read', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    const reads = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writes = openSync(path, constants.O_WRONLY)
    const fills = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    expect(() => {
      for (;;) writeSync(fills, Buffer.alloc(4096))
    }).toThrow('EAGAIN')
    expect(await runWith(writes)).toBe(0)
    for (const fd of [reads, writes, fills]) closeSync(fd)
    expect(existsSync(join(folder, 'storage/tracker/lib/swarms.snapshot'))).toBe(true)
  })

  it('does not end the tracker if the reader of its pipe has exited', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    const reads = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writes = openSync(path, constants.O_WRONLY)
    closeSync(reads)
    expect(await runWith(writes)).toBe(0)
    closeSync(writes)
    expect(existsSync(join(folder, 'storage/tracker/lib/swarms.snapshot'))).toBe(true)
  })
})

describe('output of a command that cannot be written', () => {
  const command = (...args: readonly string[]) =>
    spawn(
      'sh',
      ['-c', `"$0" "$1" config print ${args.join(' ')}`, process.execPath, join(ROOT, 'src/config/main.ts')],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )

  it.each([
    ['a full disk', '> /dev/full', 1, 'standard output cannot be written'],
    ['a closed pipe', '| true', 0, ''],
    ['errors on a full disk', '--config /nowhere 2> /dev/full', 1, ''],
  ])('is told in a sentence or not at all: %s', async (_, redirection, code, sentence) => {
    const child = command(redirection)
    let errors = ''
    child.stderr?.on('data', (chunk) => {
      errors += chunk
    })
    const [exitCode] = await once(child, 'close')
    expect(exitCode).toBe(code)
    expect(errors).toContain(sentence)
    expect(errors).not.toContain('    at ')
  })
})
