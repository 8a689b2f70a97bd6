// Who has a port, or the path of a Unix domain socket, that is in use: for the message about it, so nothing here ever
// fails.

import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { listeningFiles, listeningSockets, openFiles } from './process-sockets.ts'
import type { Transport } from './transport.ts'

export interface PortHolder {
  readonly pid: number
  /** The data directory that it serves from, if it is a Muster: it has the lock there. */
  readonly dataDirectory: string | undefined
}

/** Undefined if the system does not show it. */
export function holderOf(transport: Transport, port: number): PortHolder | undefined {
  return holderOfSockets(tried(() => listeningSockets('self', transport, port)))
}

/** The same for the path of a Unix domain socket. */
export function holderOfPath(path: string): PortHolder | undefined {
  return holderOfSockets(tried(() => listeningFiles('self', path)))
}

function holderOfSockets(sockets: ReadonlySet<string> | undefined): PortHolder | undefined {
  if (sockets === undefined || sockets.size === 0) return undefined
  for (const name of tried(() => readdirSync('/proc')) ?? []) {
    const files = /^\d+$/.test(name) ? (tried(() => openFiles(Number(name))) ?? []) : []
    if (!files.some((file) => sockets.has(file))) continue
    const lock = files.find((file) => file.endsWith('/muster.lock'))
    return { pid: Number(name), dataDirectory: lock === undefined ? undefined : dirname(lock) }
  }
  return undefined
}

/** `the address is in use by ...`, and what to do. */
export function describeHolder(holder: PortHolder | undefined): string {
  if (holder?.pid === process.pid) return 'another listener of this configuration'
  if (holder === undefined) return 'another program'
  const { pid, dataDirectory } = holder
  if (dataDirectory === undefined) return `another program, process ${pid}`
  return `the Muster of process ${pid}, which serves from ${dataDirectory}: stop it, use another port, or replace it (muster serve --take-over with process.data_directory = "${dataDirectory}")`
}

function tried<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
