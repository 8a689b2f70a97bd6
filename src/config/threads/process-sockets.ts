// Which process has a socket, as far as /proc of Linux shows it to this user.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Transport } from './transport.ts'

/** Columns of `/proc/net/tcp` and `/proc/net/udp`. */
const LOCAL_ADDRESS = 1
const STATE = 3
const INODE = 9
/** The state of a listening TCP socket, and of any UDP socket without a peer. */
const LISTENING: Readonly<Record<Transport, string>> = { tcp: '0A', udp: '07' }

/** What the open files of a process are; an empty text for one that was closed in the meantime. Throws if hidden. */
export function openFiles(pid: number | 'self'): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

const UNIX_FLAGS = 3
const UNIX_INODE = 6
const UNIX_PATH = 7
const UNIX_LISTENING = 0x10000

/** The sockets that listen on a path, like those of ports; they are bound under the path and a number. */
export function listeningFiles(pid: number | 'self', path: string): ReadonlySet<string> {
  const rows = readFileSync(`/proc/${pid}/net/unix`, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return new Set(
    rows
      .filter((row) => row[UNIX_PATH]?.replace(/\.\d+$/, '') === path || row[UNIX_PATH] === path)
      .filter((row) => (Number.parseInt(row[UNIX_FLAGS], 16) & UNIX_LISTENING) !== 0)
      .map((row) => `socket:[${row[UNIX_INODE]}]`),
  )
}

/** The sockets that listen on a port, of any process in the network of `pid`, as they appear among open files. */
export function listeningSockets(pid: number | 'self', transport: Transport, port: number): ReadonlySet<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = [transport, `${transport}6`].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  )
  return new Set(
    rows
      .filter((row) => row[LOCAL_ADDRESS]?.endsWith(suffix) && row[STATE] === LISTENING[transport])
      .map((row) => `socket:[${row[INODE]}]`),
  )
}
