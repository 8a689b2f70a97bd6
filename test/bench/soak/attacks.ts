// The attacks of the soak, each a program that runs beside the clients until it is ended.

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LOAD_CORES, pinnedTo, stopChild } from '../processes.ts'
import type { NativeTools } from '../udp/native-tools.ts'

const ATTACK = fileURLToPath(new URL('./attack.ts', import.meta.url))
const FLOODS = ['garbage', 'connects', 'forged'] as const
const PROGRAMS = [
  'one-swarm',
  'two-peer-torrents',
  'torrents-of-a-16',
  'half-open',
  'slow-heads',
  'http-requests',
] as const

export const ATTACK_NAMES: readonly string[] = [...FLOODS, ...PROGRAMS, 'all']

export interface AttackedTracker {
  readonly host: string
  readonly udpPort: number
  readonly httpPort: number
}

/** Starts an attack that lasts up to so many seconds; returns how it is ended. */
export function startAttack(
  name: string,
  tools: NativeTools,
  { host, udpPort, httpPort }: AttackedTracker,
  seconds: number,
): () => Promise<void> {
  const floods = FLOODS.filter((flood) => flood === name || name === 'all')
  const programs = PROGRAMS.filter((program) => program === name || name === 'all')
  const children = [
    ...floods.map((flood) => start([tools.flood, flood, host, String(udpPort), String(seconds)])),
    ...programs.map((program) => start([process.execPath, ATTACK, program, host, String(udpPort), String(httpPort)])),
  ]
  return async () => {
    for (const child of children) await stopChild(child)
  }
}

function start(command: readonly string[]): ChildProcess {
  const [program = '', ...words] = [...pinnedTo(LOAD_CORES), ...command]
  return spawn(program, words, { stdio: 'ignore' })
}
