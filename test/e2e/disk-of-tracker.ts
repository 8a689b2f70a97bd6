// The small disk that a tracker has in its own mount namespace, filled and freed from outside.

import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { TrackerProcess } from './tracker-process.ts'

/** As seen from outside: what is at `path` for the tracker. */
export function onDiskOf(tracker: TrackerProcess, path: string): string {
  return join(`/proc/${tracker.pid}/root`, path)
}

/** Writes until nothing fits any more. */
export function fill(tracker: TrackerProcess, directory: string): void {
  const file = openSync(ballastOf(tracker, directory), 'a')
  for (const bytes of [4096, 1]) {
    expect(() => {
      for (;;) writeSync(file, Buffer.alloc(bytes))
    }).toThrow('ENOSPC')
  }
  closeSync(file)
}

export function free(tracker: TrackerProcess, directory: string): void {
  rmSync(ballastOf(tracker, directory))
}

function ballastOf(tracker: TrackerProcess, directory: string): string {
  return onDiskOf(tracker, join(directory, 'ballast'))
}
