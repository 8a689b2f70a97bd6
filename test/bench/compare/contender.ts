// A tracker that somebody has started, as named on the command line, and what the machine knows of its process.

import { readFileSync } from 'node:fs'
import { CannotRun } from '../bench.ts'
import { cpuSecondsOf } from '../processes.ts'

export interface Contender {
  readonly name: string
  readonly transport: 'udp' | 'http'
  readonly host: string
  readonly port: number
  /** With the path of announces. */
  readonly url: string
  readonly pid: number
}

const FORM = /^([^=]+)=((udp|http):\/\/.+):(\d+)$/

/** Reads `NAME=URL:PID`, such as `aquatic=udp://127.0.0.1:3000:1234`. */
export function readContender(text: string): Contender {
  const [, name = '', url = '', transport = '', pid = ''] = FORM.exec(text) ?? []
  const parsed = URL.parse(url)
  if (parsed === null || parsed.port === '') {
    throw new CannotRun(`${text} is not NAME=URL:PID, such as aquatic=udp://127.0.0.1:3000:1234`)
  }
  const contender: Contender = {
    name,
    transport: transport === 'udp' ? 'udp' : 'http',
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port),
    url,
    pid: Number(pid),
  }
  try {
    cpuSecondsOf(contender.pid)
  } catch {
    throw new CannotRun(`${text}: there is no process ${pid}`)
  }
  return contender
}

/** What is resident of a process, in MiB. */
export function residentMib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

/** The cores that a process may use, such as `0` or `0-1`. */
export function coresOf(pid: number): string {
  return /^Cpus_allowed_list:\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '?'
}
