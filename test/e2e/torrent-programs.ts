// Real torrent programs on a machine of a test network: aria2, Transmission and libtorrent, with every other way of
// finding peers than the tracker switched off. Each keeps seeding once its download is complete.

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TorrentFile } from '../fixtures/torrent-files.ts'
import type { Machine } from './network.ts'
import { ROOT } from './tracker-process.ts'

const run = promisify(execFile)

/** Debian's own Python, for which libtorrent is packaged; another one may be first in the path. */
const PYTHON = '/usr/bin/python3'

interface TorrentJob {
  readonly machine: Machine
  readonly torrent: TorrentFile
  /** The protocol of the torrent's tracker. */
  readonly protocol: 'udp' | 'http'
  readonly family: 'ipv4' | 'ipv6'
  /** The folder of the content. */
  readonly folder: string
}

export interface TorrentProgram {
  /** Resolves once all content has been downloaded. */
  downloaded(): Promise<void>
  /** Leaves the swarm as a user would do it, so that it notifies the tracker. */
  leave(): Promise<void>
  /** Ends the process at once. */
  kill(): Promise<void>
}

export type StartProgram = (job: TorrentJob) => Promise<TorrentProgram>

export function areProgramsInstalled(): boolean {
  const canRun = (program: string, ...words: string[]) => spawnSync(program, words).status === 0
  return (
    canRun('aria2c', '--version') &&
    canRun('transmission-daemon', '--version') &&
    canRun('transmission-remote', '--version') &&
    canRun(PYTHON, '-c', 'import libtorrent')
  )
}

export const aria2: StartProgram = async ({ machine, torrent, protocol, folder }) => {
  const program = new Program(machine, 'aria2c', [
    `--dir=${folder}`,
    '--no-conf=true',
    // Its UDP tracker client is part of its DHT node; the node has no contacts, and ignores private torrents.
    `--enable-dht=${protocol === 'udp'}`,
    `--dht-file-path=${join(folder, 'dht.dat')}`,
    '--enable-dht6=false',
    '--enable-peer-exchange=false',
    '--bt-enable-lpd=false',
    '--follow-torrent=false',
    '--listen-port=6881',
    // The readout, which shows SEED once the download is complete, is part of every summary.
    '--summary-interval=1',
    '--file-allocation=none',
    '--check-integrity=true',
    '--seed-ratio=0.0',
    torrent.torrentPath,
  ])
  return {
    downloaded: () => program.printed(/SEED\(/),
    leave: () => program.end('SIGINT'),
    kill: () => program.end('SIGKILL'),
  }
}

/** libtorrent, driven by a few lines of Python. */
export const libtorrent: StartProgram = async ({ machine, torrent, family, folder }) => {
  const address = family === 'ipv4' ? machine.ipv4 : `[${machine.ipv6}]`
  const script = join(ROOT, 'test/e2e/libtorrent-client.py')
  const begin = async () => {
    const begun = new Program(machine, PYTHON, [script, torrent.torrentPath, folder, address])
    await begun.printed(/^ready$/m)
    return begun
  }
  let program = await begin()
  let isOver = false
  return {
    // Debian's 2.0.8 has ended by itself in the middle of a download, about once in a hundred runs: one retry is
    // allowed.
    downloaded: () =>
      program.printed(/^downloaded$/m).catch(async (reason: unknown) => {
        if (isOver) throw reason
        console.warn(`libtorrent begins again: ${reason}`)
        program = await begin()
        await program.printed(/^downloaded$/m)
      }),
    leave: () => {
      program.child.stdin?.end()
      return program.printed(/^left$/m)
    },
    kill: () => {
      isOver = true
      return program.end('SIGKILL')
    },
  }
}

export const transmission: StartProgram = async ({ machine, torrent, folder }) => {
  const settings = join(folder, 'transmission')
  mkdirSync(settings, { recursive: true })
  writeFileSync(
    join(settings, 'settings.json'),
    JSON.stringify({
      'dht-enabled': false,
      'lpd-enabled': false,
      'pex-enabled': false,
      'port-forwarding-enabled': false,
      'utp-enabled': false,
      'peer-port': 51413,
      'download-dir': folder,
      'rpc-bind-address': '127.0.0.1',
      'rpc-authentication-required': false,
      'rpc-host-whitelist-enabled': false,
      'rpc-port': 9091,
    }),
  )
  const program = new Program(machine, 'transmission-daemon', ['--foreground', '--config-dir', settings])
  const remote = async (...words: readonly string[]): Promise<string> => {
    const [tool = '', ...rest] = [...machine.within, 'transmission-remote', '127.0.0.1:9091', ...words]
    return (await run(tool, rest)).stdout
  }
  // The daemon does not report that it is ready or that a download is done, so it is polled.
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) {
      program.expectToRun()
      await new Promise((wake) => setTimeout(wake, 200))
    }
  }
  await until(() =>
    remote('--session-info').then(
      () => true,
      () => false,
    ),
  )
  await remote('--add', torrent.torrentPath, '--download-dir', folder)
  return {
    downloaded: () => until(async () => /Percent Done: 100%/.test(await remote('--torrent', '1', '--info'))),
    // If ended by a signal, it does not wait for its last announce over HTTP to be sent.
    leave: async () => void (await remote('--torrent', '1', '--stop')),
    kill: () => program.end('SIGKILL'),
  }
}

/** A process on a machine, and its output. */
class Program {
  readonly child: ChildProcess
  readonly #ended: Promise<unknown>
  #output = ''
  #hasEnded = false
  #wake: () => void = () => undefined

  constructor(machine: Machine, program: string, words: readonly string[]) {
    const [first = '', ...rest] = [...machine.within, program, ...words]
    this.child = spawn(first, rest, { stdio: 'pipe' })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += chunk
        this.#wake()
      })
    }
    this.#ended = once(this.child, 'close').then(([code, signal]) => {
      this.#hasEnded = true
      this.#output += `(${signal ?? `code ${code}`})`
      this.#wake()
    })
  }

  async printed(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#output)) {
      this.expectToRun()
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal)
    await this.#ended
  }

  expectToRun(): void {
    if (this.#hasEnded) throw new Error(`${this.child.spawnargs.join(' ')} has ended:\n${this.#output}`)
  }
}
