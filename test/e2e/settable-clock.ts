// A clock that can be set while a tracker runs: preloaded into its process and all its threads, it shifts the date by
// the number of seconds in a file. Monotonic time does not change, as when a machine's clock is set.

import { readFileSync } from 'node:fs'
import { env } from 'node:process'

const LOOK_EVERY_MS = 20
const rightNow = Date.now
let stepMs = 0
let lookedAt = Number.NEGATIVE_INFINITY

Date.now = () => {
  const now = performance.now()
  if (now - lookedAt >= LOOK_EVERY_MS) {
    stepMs = 1000 * Number(readFileSync(env['CLOCK_STEP_FILE'] ?? '', 'utf8'))
    lookedAt = now
  }
  return rightNow() + stepMs
}
