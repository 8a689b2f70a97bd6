// The file of a Unix domain socket that a server listens on. It is bound under another name and then renamed: it
// appears with its mode and group, takes the place of a dead or a preceding process's file at once, and Node.js, which
// removes the name that it has bound, never removes the file of a successor.

import { once } from 'node:events'
import { chmodSync, chownSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { errorMessage } from '../../domain/error-message.ts'

export interface SocketFileOptions {
  /** Absolute; its folder exists. */
  readonly path: string
  /** Permission bits. */
  readonly mode: number
  /** Name or number of its group; undefined: that of the process. */
  readonly group: string | undefined
}

const GROUPS = '/etc/group'

export class SocketFile {
  readonly #path: string
  readonly #inode: number

  private constructor(path: string, inode: number) {
    this.#path = path
    this.#inode = inode
  }

  /** Replaces the file that is there; whether it may is decided before. Rejects with a message that names the path. */
  static async listen(server: Server, { path, mode, group }: SocketFileOptions): Promise<SocketFile> {
    const bound = `${path}.${process.pid}`
    try {
      rmSync(bound, { force: true })
      server.listen({ path: bound })
      await once(server, 'listening')
      if (group !== undefined) chownSync(bound, -1, groupNumber(group))
      chmodSync(bound, mode)
      const { ino } = lstatSync(bound)
      renameSync(bound, path)
      return new SocketFile(path, ino)
    } catch (error) {
      server.close()
      throw new Error(`cannot listen on unix:${path}: ${errorMessage(error)}`, { cause: error })
    }
  }

  /** Whether another process has put its file in the place of this one. */
  isReplaced(): boolean {
    return lstatSync(this.#path, { throwIfNoEntry: false })?.ino !== this.#inode
  }

  /** Removes it, but not that of another process. */
  remove(): void {
    if (!this.isReplaced()) rmSync(this.#path, { force: true })
  }
}

/** Throws if the system has no such group. */
export function groupNumber(group: string): number {
  if (/^\d+$/.test(group)) return Number(group)
  for (const line of readFileSync(GROUPS, 'utf8').split('\n')) {
    const [name, , number] = line.split(':')
    if (name === group) return Number(number)
  }
  throw new Error(`there is no group ${group} in ${GROUPS}`)
}
