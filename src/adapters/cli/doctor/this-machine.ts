// The machine that this process is running on.

import { execFile } from 'node:child_process'
import { lookup } from 'node:dns'
import { readFileSync } from 'node:fs'
import { networkInterfaces, totalmem } from 'node:os'
import type { Machine } from './examined-tracker.ts'

const TIMEOUT_MS = 3000

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

export const THIS_MACHINE: Machine = {
  platform: process.platform,
  read: readText,
  addresses: () =>
    Object.values(networkInterfaces()).flatMap((entries = []) =>
      entries.map(({ address, family, internal }) => ({ address, family, isLoopback: internal })),
    ),
  memoryBytes: totalmem,
  run: (program, ...words) =>
    new Promise((resolve) => {
      execFile(program, words, { timeout: TIMEOUT_MS }, (error, output) => resolve(error ? undefined : output))
    }),
  lookUp: (host) => new Promise((resolve) => lookup(host, (error) => resolve(error?.code))),
  now: () => new Date(),
}
