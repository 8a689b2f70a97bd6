// Real torrent programs on a machine of a test network: aria2 and Transmission, with every way of finding peers but the
// tracker switched off.

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TorrentFile } from '../fixtures/torrent-files.ts'
import type { Machine } from './network.ts'

const run = promisify(execFile)

export interface TorrentProgram {
  /** Resolves when all content is here. */
  downloaded(): Promise<void>
  /** Ends the program the way its user would, so that it tells the tracker. */
  quit(): Promise<void>
}

export interface TorrentJob {
  readonly machine: Machine
  readonly torrent: TorrentFile
  /** What the torrent's tracker speaks. */
  readonly protocol: 'udp' | 'http'
  /** Where the content is or comes to be. */
  readonly folder: string
  readonly isSeed: boolean
}

export type StartProgram = (job: TorrentJob) => Promise<TorrentProgram>

export function areProgramsInstalled(): boolean {
  return ['aria2c', 'transmission-daemon', 'transmission-remote'].every(
    (program) => spawnSync(program, ['--version']).error === undefined,
  )
}

/** aria2 leaves by itself once it has everything, unless it seeds. */
export const aria2: StartProgram = async ({ machine, torrent, protocol, folder, isSeed }) => {
  const program = start(machine, 'aria2c', [
    `--dir=${folder}`,
    '--no-conf=true',
    // Its UDP tracker client lives in its DHT node; the node knows nobody, and leaves private torrents alone.
    `--enable-dht=${protocol === 'udp'}`,
    `--dht-file-path=${join(folder, 'dht.dat')}`,
    '--enable-dht6=false',
    '--enable-peer-exchange=false',
    '--bt-enable-lpd=false',
    '--follow-torrent=false',
    '--listen-port=6881',
    '--summary-interval=0',
    '--console-log-level=warn',
    '--file-allocation=none',
    ...(isSeed ? ['--check-integrity=true', '--seed-ratio=0.0'] : ['--seed-time=0']),
    torrent.torrentPath,
  ])
  return {
    downloaded: async () => {
      const code = await program.ended
      if (code !== 0) throw new Error(`aria2c ended with ${code}:\n${program.output()}`)
    },
    quit: async () => {
      program.child.kill('SIGINT')
      await program.ended
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
      'ratio-limit-enabled': false,
      'incomplete-dir-enabled': false,
    }),
  )
  const program = start(machine, 'transmission-daemon', ['--foreground', '--config-dir', settings])
  const remote = async (...words: readonly string[]): Promise<string> => {
    const [tool = '', ...rest] = [...machine.within, 'transmission-remote', '127.0.0.1:9091', ...words]
    return (await run(tool, rest)).stdout
  }
  // Nothing tells that the daemon is ready, or that a download is done, but asking it.
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) {
      if (program.child.exitCode !== null) throw new Error(`transmission-daemon ended:\n${program.output()}`)
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
    quit: async () => {
      program.child.kill('SIGTERM')
      await program.ended
    },
  }
}

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  output(): string
}

function start(machine: Machine, program: string, words: readonly string[]): Started {
  const [first = '', ...rest] = [...machine.within, program, ...words]
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  return { child, ended: once(child, 'close').then(([code]) => code), output: () => output }
}
