// The machine and the commit of a measurement.

import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { ROOT } from '../e2e/tracker-process.ts'

export interface Machine {
  readonly commit: string
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGib: number
  readonly kernel: string
}

function commit(): string {
  const git = (...words: string[]): string =>
    execFileSync('git', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const changed = git('status', '--porcelain', '--', 'src') === '' ? '' : ' with changes in src'
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed}`
  } catch {
    return 'unknown'
  }
}

export function machine(): Machine {
  return {
    commit: commit(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  }
}
