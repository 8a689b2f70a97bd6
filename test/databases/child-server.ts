// A database server owned by a test: started, killed, restarted with the same files and port, frozen and stopped.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export interface ServerProgram {
  readonly command: string
  readonly args: readonly string[]
  /** Contained in the line on stderr that reports readiness. */
  readonly readyText: string
}

/** Some servers refuse to run as root. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const START_ATTEMPTS = 50
const ATTEMPT_MILLISECONDS = 200

export class ChildServer {
  readonly #program: ServerProgram
  readonly #options: { readonly cwd: string; readonly uid?: number; readonly gid?: number }
  #child: ChildProcess | undefined
  readonly #end = (): void => {
    this.#signal('SIGKILL')
  }

  constructor(program: ServerProgram, folder: string, account: Account | undefined) {
    this.#program = program
    this.#options = { cwd: folder, ...account }
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the server does not run')
    return this.#child.pid
  }

  /** After a kill, remaining processes of the old server may lock its files for a moment. */
  async start(): Promise<void> {
    process.once('exit', this.#end)
    let output = ''
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      output = await this.#tryToStart()
      if (output === '') return
      await pause(ATTEMPT_MILLISECONDS)
    }
    throw new Error(`${this.#program.command} does not start: ${output}`)
  }

  /** Without flushing data or closing connections. */
  async kill(): Promise<void> {
    await this.#endWith('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#endWith('SIGINT')
  }

  freeze(): void {
    this.#signal('SIGSTOP')
  }

  thaw(): void {
    this.#signal('SIGCONT')
  }

  async #tryToStart(): Promise<string> {
    const { command, args, readyText } = this.#program
    const child = spawn(command, args, { ...this.#options, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    const output: string[] = []
    const ready = new Promise<string>((resolve) => {
      child.once('exit', (code) => resolve(`${output.join('\n')}\nexit code ${code}`))
      createInterface(child.stderr).on('line', (line) => {
        if (line.includes(readyText)) resolve('')
        else if (output.length < 200) output.push(line)
      })
    })
    return ready
  }

  async #endWith(signal: NodeJS.Signals): Promise<void> {
    process.removeListener('exit', this.#end)
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    if (signal === 'SIGINT') child.kill(signal)
    else for (const pid of processTree(child)) process.kill(pid, signal)
    await ended
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child === undefined) return
    for (const pid of processTree(this.#child)) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended in the meantime.
      }
    }
  }
}

/** PostgreSQL has a process for each connection. The parent comes first, because it would start new ones. */
function processTree({ pid }: ChildProcess): readonly number[] {
  if (pid === undefined) return []
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return [pid, ...children.split(' ').filter(Boolean).map(Number)]
}

/** A new folder in the system's temporary directory, accessible to the account. */
export function makeFolder(name: string, account: Account | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), `muster-${name}-`))
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Undefined when this process can run the server as its own user. */
export function accountOf(user: string): Account | undefined {
  if (userInfo().uid !== 0) return undefined
  const number = (option: string): number => Number(execFileSync('id', [option, user], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
