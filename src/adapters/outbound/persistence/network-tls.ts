// TLS to a database server.

import { readFile } from 'node:fs/promises'
import type { TlsOptions } from './database-options.ts'

export interface DriverTlsOptions {
  readonly rejectUnauthorized: boolean
  readonly minVersion: 'TLSv1.2'
  readonly ca?: string
}

/** Undefined: no TLS. Throws when the authority's file cannot be read, or is empty. */
export async function loadTlsOptions({ mode, caFile }: TlsOptions): Promise<DriverTlsOptions | undefined> {
  if (mode === 'off') return undefined
  const ca = mode === 'verify' && caFile !== undefined ? { ca: await readAuthority(caFile) } : {}
  return { rejectUnauthorized: mode === 'verify', minVersion: 'TLSv1.2', ...ca }
}

/** With an empty text Node would trust the authorities that it knows instead. */
async function readAuthority(path: string): Promise<string> {
  const text = await readFile(path, 'utf8')
  if (text.trim() === '') throw new Error(`${path} is empty`)
  return text
}
