// The tracker of the soak, with embedded defaults: only where it listens and how it logs is said. Its memory, CPU time
// and counters are watched from outside.

import { readFileSync } from 'node:fs'
import { readSeries, type Series } from '../../e2e/series.ts'
import { TrackerProcess } from '../../e2e/tracker-process.ts'
import { cpuSecondsOf, pinnedTo, SERVER_CORES } from '../processes.ts'
import { PORTS, TRACKER } from './addresses.ts'

const TOKEN = 'a-token-of-the-soak-only-0123456789abcdef'
const SAMPLE_MS = 200
const DOCUMENT = `
[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "info"
trace_style = "json"
[core]
listed = false
private = false
[[udp_trackers]]
bind_address = "0.0.0.0:${PORTS.udp}"
[[http_trackers]]
bind_address = "[::]:${PORTS.http}"
[http_api]
bind_address = "0.0.0.0:${PORTS.api}"
access_tokens = { admin = "${TOKEN}" }
`

export interface Usage {
  readonly cores: number
  readonly peakResidentBytes: number
  /** By how much each counter has risen, by its name and labels. */
  readonly risen: Readonly<Record<string, number>>
}

function residentBytes(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
}

export class Subject {
  readonly #tracker: TrackerProcess
  #series: readonly Series[] = []
  #cpuSeconds = 0
  #at = 0
  #peak = 0
  readonly #sampler: NodeJS.Timeout

  private constructor(tracker: TrackerProcess) {
    this.#tracker = tracker
    this.#sampler = setInterval(() => {
      if (tracker.isRunning) this.#peak = Math.max(this.#peak, residentBytes(tracker.pid))
    }, SAMPLE_MS)
  }

  static async start(within: readonly string[]): Promise<Subject> {
    const tracker = await TrackerProcess.start(DOCUMENT, { within: [...within, ...pinnedTo(SERVER_CORES)] })
    const subject = new Subject(tracker)
    await subject.next()
    return subject
  }

  get isRunning(): boolean {
    return this.#tracker.isRunning
  }

  /** What it printed that is not plain information. */
  get warnings(): readonly string[] {
    return this.#tracker.log.filter(({ level }) => String(level).toLowerCase() !== 'info').map(({ msg }) => msg)
  }

  get budgetBytes(): number {
    return this.#series.find(({ name }) => name === 'muster_swarm_memory_budget_bytes')?.value ?? 0
  }

  /** What it used since the last call. */
  async next(): Promise<Usage> {
    const { pid } = this.#tracker
    const series = await this.#scrape()
    const cpuSeconds = cpuSecondsOf(pid)
    const at = performance.now()
    const before = new Map(this.#series.map(({ id, value }) => [id, value]))
    const risen = series.flatMap(({ id, name, value }): [string, number][] =>
      name.endsWith('_total') && value > (before.get(id) ?? 0) ? [[id, value - (before.get(id) ?? 0)]] : [],
    )
    const cores = (cpuSeconds - this.#cpuSeconds) / ((at - this.#at) / 1000)
    const usage = {
      cores,
      peakResidentBytes: Math.max(this.#peak, residentBytes(pid)),
      risen: Object.fromEntries(risen),
    }
    this.#series = series
    this.#cpuSeconds = cpuSeconds
    this.#at = at
    this.#peak = 0
    return usage
  }

  async stop(): Promise<void> {
    clearInterval(this.#sampler)
    await this.#tracker[Symbol.asyncDispose]()
  }

  async #scrape(): Promise<readonly Series[]> {
    const url = `http://${TRACKER.ipv4}:${PORTS.api}/api/v2/metrics`
    const response = await fetch(url, { headers: { Authorization: `Bearer ${TOKEN}` } })
    if (!response.ok) throw new Error(`the metrics were answered with ${response.status}`)
    return readSeries(await response.text())
  }
}
