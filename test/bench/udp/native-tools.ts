// Compiles the load and the floor, which are C programs: nothing else keeps up with a fast tracker on one core. They
// are compiled on demand, into a folder that is removed when the benchmark ends.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needProgram } from '../processes.ts'

const SOURCES = fileURLToPath(new URL('../native/', import.meta.url))

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
  needProgram('cc', 'compile the load generator (Debian: apt install gcc libc6-dev)')
  needProgram('taskset', 'keep server and load on different cores (Debian: apt install util-linux)')
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const build = (name: string): string => {
    const target = join(folder, name)
    execFileSync('cc', ['-std=c11', '-O2', '-o', target, join(SOURCES, `${name}.c`), '-lm'], { stdio: 'inherit' })
    return target
  }
  return {
    folder,
    load: build('udp-load'),
    floor: build('udp-floor'),
    flood: build('udp-flood'),
    httpLoad: build('http-load'),
    httpFloor: build('http-floor'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
