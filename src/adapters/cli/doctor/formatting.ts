// Formats listeners and paths for findings.

import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { ListenerPlan } from './examined-tracker.ts'

/** `udp://0.0.0.0:6969`. */
export function writeListener({ kind, host, port, tls }: ListenerPlan): string {
  return `${kind === 'udp' ? 'udp' : tls ? 'https' : 'http'}://${writeHostPort(host, port)}`
}

/** Quotes a path for a shell. */
export function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
