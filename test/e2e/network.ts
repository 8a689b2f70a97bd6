// A few machines on one network, made of network namespaces: packets of a test never reach the host's own networks.
// Needs root on Linux; `isAvailable` tells whether it can be used.

import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Machine {
  readonly ipv4: string
  readonly ipv6: string
  /** The command prefix that runs a program on this machine. */
  readonly within: readonly string[]
}

export function isNetworkAvailable(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', ['--net', 'true']).status === 0
}

export class Network {
  readonly #prefix: string
  readonly #machines = new Map<string, Machine>()

  private constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Machines with one private address of each family, on a switch in a namespace of its own. */
  static create(...names: readonly string[]): Network {
    const network = new Network(`muster-${process.pid}`)
    try {
      network.#plug(names)
    } catch (error) {
      network.remove()
      throw error
    }
    return network
  }

  machine(name: string): Machine {
    const machine = this.#machines.get(name)
    if (machine === undefined) throw new Error(`no machine ${name}`)
    return machine
  }

  /** Runs a program on a machine to its end and returns what it printed. */
  async run(name: string, ...words: readonly string[]): Promise<string> {
    const [program = '', ...rest] = [...this.machine(name).within, ...words]
    return (await run(program, rest)).stdout
  }

  remove(): void {
    for (const name of ['switch', ...this.#machines.keys()])
      spawnSync('ip', ['netns', 'delete', `${this.#prefix}-${name}`])
  }

  #plug(names: readonly string[]): void {
    const hub = `${this.#prefix}-switch`
    ip('netns', 'add', hub)
    ip('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge')
    ip('-n', hub, 'link', 'set', 'bridge', 'up')
    for (const [index, name] of names.entries()) {
      const space = `${this.#prefix}-${name}`
      const machine = {
        ipv4: `10.77.0.${index + 1}`,
        ipv6: `fd77::${index + 1}`,
        within: ['ip', 'netns', 'exec', space],
      }
      this.#machines.set(name, machine)
      ip('netns', 'add', space)
      ip('-n', hub, 'link', 'add', `port${index}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space)
      ip('-n', hub, 'link', 'set', `port${index}`, 'master', 'bridge', 'up')
      ip('-n', space, 'link', 'set', 'lo', 'up')
      ip('-n', space, 'link', 'set', 'eth0', 'up')
      ip('-n', space, 'address', 'add', `${machine.ipv4}/24`, 'dev', 'eth0')
      ip('-n', space, 'address', 'add', `${machine.ipv6}/64`, 'dev', 'eth0', 'nodad')
    }
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}
