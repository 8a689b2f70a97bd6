// The entry file of the third kind: reports its options, and each command that it receives.

import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadCommand, ThreadOptions, ThreadReport } from '../../../src/config/threads/thread-options.ts'

const { thread, isFirst, groupSize: siblings, addresses, secret }: ThreadOptions = workerData
function report(message: ThreadReport): void {
  parentPort?.postMessage(message)
}

function note(message: string): void {
  report({ kind: 'note', level: 'debug', target: 'EVENTS', message })
}

parentPort?.on('message', ({ kind }: ThreadCommand) => {
  note(`${thread}: ${kind}`)
  if (kind === 'stop') parentPort?.close()
})
note(
  JSON.stringify({ thread, isFirst, siblings, secret: [...(secret ?? [])], ports: addresses.map(({ port }) => port) }),
)
report({ kind: 'listening', detail: 'a door' })
