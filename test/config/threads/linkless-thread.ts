// A worker thread on a file system without hard links: each fails with the code in `workerData`. Opens the key at a
// path there.

import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { openConnectionIdKey } from '../../../src/config/threads/connection-id-key.ts'

const { path, code }: { readonly path: string; readonly code: string } = workerData

// Node's modules belong to their thread: other threads are not affected.
fs.linkSync = () => {
  throw Object.assign(new Error(code), { code })
}
syncBuiltinESMExports()

try {
  parentPort?.postMessage({ key: openConnectionIdKey(path) })
} catch (error) {
  parentPort?.postMessage({ failed: String(error) })
}
