// Measures whether the heap grows under load. A garbage-collected heap goes up and down, so the lowest value of the
// first quarter of the load is compared with that of the last.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { progress, type Report } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { type Driver, startTracker } from '../tracker.ts'
import { Load } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import { PUBLISHED_MIX } from './shapes.ts'

const RECORDER = pathToFileURL(fileURLToPath(new URL('../heap-recorder.ts', import.meta.url))).href

interface Sample {
  readonly at: number
  readonly thread: string
  readonly usedBytes: number
}

function readSamples(file: string, since: number): Sample[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Sample => JSON.parse(line))
    .filter(({ at }) => at >= since)
}

function lowest(samples: readonly Sample[]): number {
  return Math.min(...samples.map(({ usedBytes }) => usedBytes))
}

function highest(samples: readonly Sample[]): number {
  return Math.max(...samples.map(({ usedBytes }) => usedBytes))
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`
}

function rowOf(thread: string, all: readonly Sample[]): string[] {
  const samples = all.filter((sample) => sample.thread === thread)
  const quarter = Math.max(1, Math.floor(samples.length / 4))
  const first = lowest(samples.slice(0, quarter))
  const last = lowest(samples.slice(-quarter))
  return [thread, kib(first), kib(last), kib(last - first), kib(highest(samples))]
}

export async function measureHeap(tools: NativeTools, driver: Driver, seconds: number): Promise<Report> {
  const file = join(tools.folder, `heap-${driver}.jsonl`)
  const recorder = `--disable-warning=ExperimentalWarning --import ${RECORDER}`
  const env = { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${recorder}`, MUSTER_BENCH_HEAP_FILE: file }
  const load = new Load(tools, PUBLISHED_MIX.options)
  const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver, env })
  try {
    progress(`heap under load, ${driver}: filling, then ${seconds} s`)
    await load.fill(tracker)
    const since = Date.now()
    const figures = await load.measure(tracker, seconds)
    const samples = readSamples(file, since)
    const threads = [...new Set(samples.map(({ thread }) => thread))]
    return {
      tables: [
        {
          title: `Memory over ${seconds} s of load, ${driver} driver`,
          columns: ['thread', 'low, first quarter', 'low, last quarter', 'growth', 'peak'],
          rows: threads.map((thread) => rowOf(thread, samples)),
        },
      ],
      notes: ['`resident` is the whole process, including swarm memory; the others are JavaScript heaps.'],
      figures: { driver, seconds, load: figures, samples },
    }
  } finally {
    await tracker.stop()
  }
}
