// Trackers and folders of one test file: everything that a test starts or creates is removed after it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import { TrackerProcess } from './tracker-process.ts'

const trackers: TrackerProcess[] = []
const folders: string[] = []

afterEach(async () => {
  for (const tracker of trackers.splice(0)) await tracker[Symbol.asyncDispose]()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-'))
  folders.push(folder)
  return folder
}

/** Does not wait: for a start that must fail. */
export function launched(...[document, options]: ConstructorParameters<typeof TrackerProcess>): TrackerProcess {
  const tracker = new TrackerProcess(document, options)
  trackers.push(tracker)
  return tracker
}

/** Waits until the tracker is ready: all listeners are open, and everything is loaded and taken over. */
export async function ready(
  ...[document, options]: ConstructorParameters<typeof TrackerProcess>
): Promise<TrackerProcess> {
  const tracker = launched(document, options)
  await tracker.printed((line) => line.includes('the tracker is ready'))
  return tracker
}
