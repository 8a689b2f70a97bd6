// Runs the programs of a benchmark: pins them to a core, waits for them, ends them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { CannotRun } from './bench.ts'

/** The server under test has a core of its own, the load another. */
const HAS_TWO_CORES = cpus().length > 1
export const SERVER_CORES = '0'
export const LOAD_CORES = HAS_TWO_CORES ? '1' : '0'
export const ALL_CORES = HAS_TWO_CORES ? '0,1' : '0'

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

export function needProgram(name: string, purpose: string): void {
  if (!hasProgram(name)) throw new CannotRun(`${name} is needed to ${purpose} but is not installed`)
}

export function pinnedTo(cores: string): string[] {
  return ['taskset', '-c', cores]
}

function words(command: readonly string[]): [string, string[]] {
  const [program = '', ...rest] = command
  return [program, rest]
}

/** Runs a program to its end; returns its exit code and its stdout. stderr is passed through. */
export async function runToEnd(
  command: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(...words(command), { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  return { code, output }
}

/** The stdout of a program that must succeed. */
export async function outputOf(command: readonly string[]): Promise<string> {
  const { code, output } = await runToEnd(command)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${output}`)
  return output
}

export interface Server {
  readonly pid: number
  stop(): Promise<void>
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

/** Starts a server that prints a line when it is ready; returns that line. */
export async function startServer(command: readonly string[]): Promise<Server & { readonly line: string }> {
  const child = spawn(...words(command), { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.pid === undefined || child.stdout === null) throw new Error(`${command.join(' ')} cannot be started`)
  const lines = createInterface(child.stdout)
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(child, 'close').then(() => undefined),
  ])
  if (line === undefined) throw new Error(`${command.join(' ')} ended before it was ready`)
  return { pid: child.pid, line, stop: () => stopChild(child) }
}

/** CPU time, user and system, of a process up to now; from /proc, in ticks of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
