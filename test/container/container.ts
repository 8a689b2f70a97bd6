// A container of the tracker's image, run by podman. Its network is only its own loopback, so that its fixed ports
// cannot clash; clients enter that network.

import { execFile, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

export async function podman(...words: readonly string[]): Promise<string> {
  return (await run('podman', words)).stdout.trim()
}

export interface Stop {
  readonly exitCode: number
  readonly seconds: number
}

export class Container {
  readonly #name: string
  #printed = ''

  private constructor(name: string) {
    this.#name = name
  }

  /** Resolves once the tracker logs that it is ready. */
  static async start(image: string, flags: readonly string[]): Promise<Container> {
    const container = new Container(`muster-check-${randomUUID()}`)
    await podman('run', '--detach', '--name', container.#name, '--network=none', '--no-healthcheck', ...flags, image)
    try {
      await container.#ready()
    } catch (error) {
      await container[Symbol.asyncDispose]()
      throw error
    }
    return container
  }

  /** The output of a start that must fail with code 1. */
  static failure(image: string, flags: readonly string[]): string {
    const words = ['run', '--rm', '--network=none', '--no-healthcheck', ...flags, image]
    const { status, stdout, stderr } = spawnSync('podman', words, { encoding: 'utf8' })
    if (status !== 1) throw new Error(`ended with ${status}:\n${stderr}`)
    return `${stderr}${stdout}`
  }

  /** What the container printed until it was ready. */
  get printed(): string {
    return this.#printed
  }

  /** Runs a program in the container and returns its output; rejects if it fails. */
  run(...words: readonly string[]): Promise<string> {
    return podman('exec', this.#name, ...words)
  }

  /** Runs a program of this machine in the container's network. */
  async ask(...words: readonly string[]): Promise<string> {
    const pid = await podman('inspect', '--format', '{{.State.Pid}}', this.#name)
    return (await run('nsenter', [`--net=/proc/${pid}/ns/net`, ...words])).stdout.trim()
  }

  /** Sends the image's stop signal. */
  async stop(): Promise<Stop> {
    const began = performance.now()
    await podman('stop', '--time', '20', this.#name)
    const seconds = (performance.now() - began) / 1000
    return { exitCode: Number(await podman('inspect', '--format', '{{.State.ExitCode}}', this.#name)), seconds }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await podman('rm', '--force', '--volumes', '--time', '0', this.#name)
  }

  async #ready(): Promise<void> {
    const log = spawn('podman', ['logs', '--follow', this.#name], { stdio: ['ignore', 'pipe', 'pipe'] })
    try {
      log.stderr.on('data', (chunk) => {
        this.#printed += chunk
      })
      for await (const line of createInterface(log.stdout)) {
        this.#printed += `${line}\n`
        if (line.includes('the tracker is ready')) return
      }
      throw new Error(`the container has ended:\n${this.#printed}`)
    } finally {
      log.kill()
    }
  }
}
