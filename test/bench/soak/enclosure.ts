// Two network namespaces with one cable between them: the world, in which this program runs, and the tracker's. The
// world owns whole networks, so that its programs can send from any address in them and get the replies. Packets cannot
// leave: neither namespace has another interface.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { stopChild } from '../processes.ts'
import { TRACKER, WORLD, WORLD_NETWORKS } from './addresses.ts'

const INSIDE = 'MUSTER_SOAK_INSIDE'
/** The native tools know the enclosure by this name. */
const CABLE = 'soak0'
/** Nothing outlives the soak, however it ends. */
const MORTAL = ['setpriv', '--pdeathsig', 'KILL'] as const
/** Root needs no user namespace, and keeps its privileges for large buffers. */
const WAYS = [
  ['unshare', '--net'],
  ['unshare', '--map-root-user', '--net'],
] as const

/**
 * The prefix that runs a command in a network namespace of its own, or undefined where this machine has none for us.
 */
export function wayInside(): readonly string[] | undefined {
  if (process.platform !== 'linux') return undefined
  return WAYS.find(
    ([program, ...words]) => spawnSync(program, [...words, 'ip', 'link', 'set', 'lo', 'up']).status === 0,
  )
}

export function isInside(): boolean {
  return process.env[INSIDE] === 'yes'
}

/** Runs this program again in a namespace of its own; returns its exit code. */
export async function runInside(way: readonly string[]): Promise<number> {
  const [program = '', ...words] = [...MORTAL, ...way, process.execPath, ...process.argv.slice(1)]
  const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, [INSIDE]: 'yes' } })
  const [code] = await once(child, 'close')
  return code ?? 1
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}

export class Enclosure {
  /** The prefix that runs a command on the tracker's side. */
  readonly within: readonly string[]
  readonly #holder: ChildProcess

  private constructor(holder: ChildProcess) {
    this.#holder = holder
    this.within = [...MORTAL, 'nsenter', `--net=/proc/${holder.pid}/ns/net`]
  }

  static async create(): Promise<Enclosure> {
    // Keeps the namespace for as long as its input is open; it prints a line once it is in.
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo in; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    const enclosure = new Enclosure(holder)
    try {
      enclosure.#connect()
    } catch (error) {
      await enclosure.remove()
      throw error
    }
    return enclosure
  }

  async remove(): Promise<void> {
    await stopChild(this.#holder)
  }

  #connect(): void {
    const [program = '', ...words] = this.within
    const far = (...rest: readonly string[]): void => {
      execFileSync(program, [...words, 'ip', ...rest], { stdio: ['ignore', 'ignore', 'pipe'] })
    }
    ip('link', 'set', 'lo', 'up')
    far('link', 'set', 'lo', 'up')
    ip('link', 'add', CABLE, 'type', 'veth', 'peer', 'name', CABLE, 'netns', String(this.#holder.pid))
    for (const [run, side] of [
      [ip, WORLD],
      [far, TRACKER],
    ] as const) {
      run('address', 'add', `${side.ipv4}/30`, 'dev', CABLE)
      run('address', 'add', `${side.ipv6}/64`, 'dev', CABLE, 'nodad')
      run('link', 'set', CABLE, 'up')
    }
    for (const network of WORLD_NETWORKS.ipv4) {
      ip('route', 'add', 'local', network, 'dev', 'lo')
      far('route', 'add', network, 'via', WORLD.ipv4)
    }
    ip('route', 'add', 'local', WORLD_NETWORKS.ipv6, 'dev', 'lo')
    far('route', 'add', WORLD_NETWORKS.ipv6, 'via', WORLD.ipv6)
  }
}
