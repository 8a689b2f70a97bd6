// Debian's opentracker on a free port of 127.0.0.1. That build serves IPv4 only, and only torrents on its whitelist.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../fixtures/answering-services.ts'

const PROGRAM = '/usr/bin/opentracker'
const WHITELIST = 'whitelist.txt'

/** Where it is not installed, tests that need it are skipped, or fail on CI. */
export const isOpentrackerInstalled = existsSync(PROGRAM) || process.env['CI'] === 'true'

export class Opentracker {
  readonly port: number
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(port: number, folder: string) {
    this.port = port
    this.#folder = folder
    // Of root it makes the folder its root directory, so that the path of the whitelist is relative to it.
    const words = ['-i', '127.0.0.1', '-p', `${port}`, '-P', `${port}`, '-d', folder, '-w', WHITELIST]
    this.#child = spawn(PROGRAM, words, { cwd: folder, stdio: 'ignore' })
  }

  /** `infoHashes`: those that it serves, in hex; at least one. */
  static async start(infoHashes: readonly string[]): Promise<Opentracker> {
    const folder = mkdtempSync(join(tmpdir(), 'opentracker-'))
    // It gives up the rights of root before it reads the whitelist.
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, WHITELIST), infoHashes.map((infoHash) => `${infoHash}\n`).join(''))
    const tracker = new Opentracker(await freePort(), folder)
    await tracker.#serves(infoHashes[0] ?? '')
    return tracker
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.kill()) await once(this.#child, 'exit')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** It prints nothing when it is ready, and listens before it has read the whitelist. */
  async #serves(infoHash: string): Promise<void> {
    const query = `info_hash=${infoHash.replace(/../g, '%$&')}&peer_id=${'x'.repeat(20)}&port=1&event=stopped`
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/announce?${query}`).catch(() => undefined)
      if (answer !== undefined && !(await answer.text()).includes('failure')) return
      if (this.#child.exitCode !== null) throw new Error(`opentracker ended with code ${this.#child.exitCode}`)
      await setTimeout(10)
    }
  }
}
