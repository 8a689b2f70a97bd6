// Formats sizes, listeners and paths for findings.

import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { ListenerPlan } from './examined-tracker.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

export function writeBytes(bytes: number): string {
  return bytes >= GIB
    ? `${round(bytes / GIB)} GiB`
    : bytes >= MIB
      ? `${round(bytes / MIB)} MiB`
      : `${round(bytes / 1024)} KiB`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** `udp://0.0.0.0:6969`. */
export function writeListener({ kind, host, port, tls }: ListenerPlan): string {
  return `${kind === 'udp' ? 'udp' : tls ? 'https' : 'http'}://${writeHostPort(host, port)}`
}

/** Quotes a path for a shell. */
export function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
