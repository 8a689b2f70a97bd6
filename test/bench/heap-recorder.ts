// Preloaded into the tracker (node --import): writes the heap size of every thread to a file, twice a second. Runs in
// the main thread and queries the others, because a thread that waits in a system call runs no timers.

import { appendFileSync } from 'node:fs'
import { isMainThread, type Worker } from 'node:worker_threads'

const file = process.env['MUSTER_BENCH_HEAP_FILE']
const EVERY_MILLISECONDS = 500

async function record(workers: ReadonlySet<Worker>, target: string): Promise<void> {
  const at = Date.now()
  const write = (thread: string, usedBytes: number, mallocBytes: number): void =>
    appendFileSync(target, `${JSON.stringify({ at, thread, usedBytes, mallocBytes })}\n`)
  const { heapUsed, external, rss } = process.memoryUsage()
  write('main', heapUsed, external)
  write('resident', rss, 0)
  for (const worker of workers) {
    const heap = await worker.getHeapStatistics()
    write(`thread ${worker.threadId}`, heap.used_heap_size, heap.malloced_memory)
  }
}

if (isMainThread && file !== undefined) {
  const workers = new Set<Worker>()
  process.on('worker', (worker) => {
    workers.add(worker)
    worker.once('exit', () => workers.delete(worker))
  })
  setInterval(() => void record(workers, file).catch(() => undefined), EVERY_MILLISECONDS).unref()
}
