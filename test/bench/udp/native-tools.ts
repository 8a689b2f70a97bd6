// Compiles the load and the floor, which are C programs: nothing else keeps up with a fast tracker on one core. They
// are compiled on demand, into a folder that is removed when the benchmark ends.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needProgram } from '../processes.ts'

const SOURCES = fileURLToPath(new URL('../native/', import.meta.url))

/** Compiles programs of the folder `native`, each to a file of its own name. */
export function compileNative(names: readonly string[]): { readonly folder: string; remove(): void } {
  needProgram('cc', 'compile the load generator (Debian: apt install gcc libc6-dev)')
  needProgram('taskset', 'keep server and load on different cores (Debian: apt install util-linux)')
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  for (const name of names) {
    const words = ['-std=c11', '-O2', '-o', join(folder, name), join(SOURCES, `${name}.c`), '-lm']
    execFileSync('cc', words, { stdio: 'inherit' })
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface NativeTools {
  readonly folder: string
  readonly load: string
  readonly floor: string
  readonly flood: string
  readonly httpLoad: string
  readonly httpFloor: string
  remove(): void
}

export function buildNativeTools(): NativeTools {
  const { folder, remove } = compileNative(['udp-load', 'udp-floor', 'udp-flood', 'http-load', 'http-floor'])
  const at = (name: string): string => join(folder, name)
  return {
    folder,
    load: at('udp-load'),
    floor: at('udp-floor'),
    flood: at('udp-flood'),
    httpLoad: at('http-load'),
    httpFloor: at('http-floor'),
    remove,
  }
}
