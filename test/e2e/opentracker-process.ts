// opentracker as packaged by Debian, serving listed torrents over UDP and HTTP on one port of loopback.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { probeUdpTracker } from '../../src/adapters/client/service-probe.ts'
import { freePort } from '../fixtures/answering-services.ts'

const PROGRAM = '/usr/bin/opentracker'
const ATTEMPTS = 100
const ATTEMPT_MILLISECONDS = 50

export function isOpentrackerInstalled(): boolean {
  try {
    accessSync(PROGRAM, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export class OpentrackerProcess {
  readonly port: number
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.port = port
    this.#child = child
    this.#folder = folder
  }

  /** Says nothing when it is ready, so it is asked. */
  static async start(infoHashes: readonly string[]): Promise<OpentrackerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'muster-opentracker-'))
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'list'), `${infoHashes.join('\n')}\n`)
    const port = await freePort()
    // As root it switches to the user nobody and to its own root directory; for other users it does neither.
    const place = process.getuid?.() === 0 ? ['-d', folder, '-w', '/list'] : ['-w', join(folder, 'list')]
    const words = ['-i', '127.0.0.1', '-p', String(port), '-P', String(port), ...place]
    const child = spawn(PROGRAM, words, { stdio: 'ignore' })
    const tracker = new OpentrackerProcess(port, child, folder)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if ('Ok' in (await probeUdpTracker({ host: '127.0.0.1', port }))) return tracker
      await pause(ATTEMPT_MILLISECONDS)
    }
    await tracker.stop()
    throw new Error('opentracker does not answer')
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit')
      this.#child.kill('SIGKILL')
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
