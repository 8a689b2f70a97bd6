// opentracker as packaged by Debian, for comparison: a C tracker known to be fast. That build serves only listed
// torrents, so it gets a list of all of them and has to look each one up.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { hasProgram, pinnedTo, SERVER_CORES, stopChild } from '../processes.ts'
import type { RunningTracker } from '../tracker.ts'
import { writeInfoHashes } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import type { Subject } from './shapes.ts'

const HOST = '127.0.0.1'
/** It does not report when it is ready; reading a list of a million torrents takes about a second. */
const READY_AFTER_MILLISECONDS = 4000

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** `writeList` writes the info hashes of the torrents that it serves to a file, in hex, one per line. */
export async function startOpentracker(writeList: (file: string) => void): Promise<RunningTracker> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  chmodSync(folder, 0o755)
  writeList(join(folder, 'list'))
  const port = await freePort()
  // As root it switches to the user nobody and to its own root directory; for other users it does neither.
  const place = process.getuid?.() === 0 ? ['-d', folder, '-w', '/list'] : ['-w', join(folder, 'list')]
  const words = ['opentracker', '-i', HOST, '-p', String(port), '-P', String(port), ...place]
  const [program = '', ...rest] = [...pinnedTo(SERVER_CORES), ...words]
  const child = spawn(program, rest, { stdio: 'ignore' })
  await pause(READY_AFTER_MILLISECONDS)
  if (child.pid === undefined || child.exitCode !== null) throw new Error('opentracker did not start')
  const stop = async (): Promise<void> => {
    await stopChild(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { pid: child.pid, host: HOST, port, api: '', stop }
}

export function hasOpentracker(): boolean {
  return hasProgram('opentracker')
}

export function opentracker(tools: NativeTools): Subject | undefined {
  if (!hasOpentracker()) return undefined
  return {
    name: 'opentracker (Debian)',
    start: ({ options }) => startOpentracker((file) => writeInfoHashes(tools, options, file)),
  }
}
