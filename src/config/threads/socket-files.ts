// Unix domain sockets as addresses of listeners: the options of one, and whether its path can be had.

import { once } from 'node:events'
import { accessSync, constants, lstatSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { groupNumber, type SocketFileOptions } from '../../adapters/inbound/socket-file.ts'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import type { SocketFileSettings } from '../settings/settings.ts'

const DEFAULT_MODE = 0o660

/** Undefined if the host is an IP address. */
export function socketFileOf(
  host: string,
  { socketMode, socketGroup }: SocketFileSettings,
): SocketFileOptions | undefined {
  const path = socketPathOf(host)
  return path === undefined ? undefined : { path, mode: socketMode ?? DEFAULT_MODE, group: socketGroup }
}

/** Why a path cannot be listened on. `code` is that of the system where it has one. */
export class SocketPathError extends Error {
  readonly code: 'EADDRINUSE' | 'EACCES' | 'ENOENT' | 'EEXIST'

  constructor(code: SocketPathError['code'], message: string) {
    super(message)
    this.name = 'SocketPathError'
    this.code = code
  }
}

/**
 * Rejects with a `SocketPathError` unless a socket can be put there: a socket that no process listens on is replaced,
 * any other file is not.
 */
export async function checkSocketPath(path: string): Promise<void> {
  const folder = dirname(path)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SocketPathError('ENOENT', `there is no folder ${folder}`)
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch {
    throw new SocketPathError('EACCES', `the folder ${folder} cannot be written`)
  }
  const file = lstatSync(path, { throwIfNoEntry: false })
  if (file === undefined) return
  if (!file.isSocket()) throw new SocketPathError('EEXIST', `${path} is not a socket, and is not replaced`)
  if (await isListenedOn(path)) throw new SocketPathError('EADDRINUSE', `${path} is in use`)
}

/** Also if this user may not connect, and so cannot know. */
async function isListenedOn(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code !== 'ECONNREFUSED' && code !== 'ENOENT'
  } finally {
    socket.destroy()
  }
}

/** What is wrong with the group of a listener's socket file; undefined: nothing, or it has none. */
export function groupProblem(group: string | undefined): string | undefined {
  try {
    if (group !== undefined) groupNumber(group)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
