// Formats sizes, listeners and paths for findings.

import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { ListenerPlan } from './examined-tracker.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

export const writeBytes = (bytes: number): string =>
  bytes >= GIB ? `${round(bytes / GIB)} GiB` : bytes >= MIB ? `${round(bytes / MIB)} MiB` : `${round(bytes / 1024)} KiB`

const round = (value: number): number => Math.round(value * 10) / 10

/** `udp://0.0.0.0:6969`. */
export const writeListener = ({ kind, host, port, tls }: ListenerPlan): string =>
  `${kind === 'udp' ? 'udp' : tls ? 'https' : 'http'}://${writeHostPort(host, port)}`

/** Quotes a path for a shell. */
export const quote = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)
