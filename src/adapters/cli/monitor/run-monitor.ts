// Watches trackers until it is interrupted: each at its own pace, with an event for each probe.

import { Slots } from '../../client/slots.ts'
import type { ProbeLimits } from '../check/endpoints.ts'
import type { NamedTracker } from '../check/tracker-sources.ts'
import { type CliEnvironment, CommandFailure } from '../cli-environment.ts'
import { History } from './history.ts'
import { type MetricsAddress, type MetricsServer, serveMetrics } from './metrics-server.ts'
import { writeMonitorMetrics, writeMonitorSummary, writeMonitorTable } from './monitor-report.ts'
import { type ProbeEvent, writeProbeEvent } from './probe-event.ts'
import { probeTracker, type TrackerProbeOptions } from './probe-tracker.ts'
import { Records } from './records.ts'
import { nameTrackers, type WatchedTracker } from './watched-tracker.ts'

/** `concurrency` is of all trackers together. */
export interface MonitorOptions extends ProbeLimits {
  readonly infoHash: Uint8Array
  readonly intervalMs: number
  /** Of each tracker; undefined: until it is interrupted. */
  readonly maxRounds: number | undefined
  /** File of events that is continued. */
  readonly output: string | undefined
  readonly metrics: MetricsAddress | undefined
}

const CLEAR_SCREEN = '\u001b[H\u001b[J'
/** How often the live view is drawn. */
const DRAW_EVERY_MS = 500
/** Of the interval: how much earlier or later a probe may come, so that monitors do not fall into step. */
const JITTER = 0.1
/** First probes are spread over this time. */
const START_MS = 10_000

export async function runMonitor(
  trackers: readonly NamedTracker[],
  options: MonitorOptions,
  environment: CliEnvironment,
): Promise<void> {
  const { output, metrics } = options
  const watched = nameTrackers(trackers)
  const records = new Records(watched.map(({ name }) => name))
  const history = output === undefined ? undefined : new History(output, environment.err)
  if (history !== undefined) await resume(history, records, environment)
  const interruption = environment.interruption()
  let server: MetricsServer | undefined
  if (metrics !== undefined) {
    server = await serveMetrics(metrics, () => writeMonitorMetrics(records.current()))
    environment.err(`Metrics: ${server.url}\n`)
  }
  const view = new MonitorView(records, history !== undefined, environment)
  const take = async (event: ProbeEvent): Promise<void> => {
    records.add(event)
    await history?.append(event)
    view.show(event)
  }
  const probing: WatchOptions = {
    ...options,
    signal: interruption,
    slots: new Slots(options.concurrency),
    onAddresses: (name, addresses) => records.noteAddresses(name, addresses),
  }
  try {
    await Promise.all(
      watched.map((tracker, index) => {
        const delayMs = (index / watched.length) * Math.min(START_MS, options.intervalMs)
        return watch(tracker, delayMs, probing, take, environment)
      }),
    )
  } finally {
    server?.close()
  }
  view.end()
}

async function resume(history: History, records: Records, { err }: CliEnvironment): Promise<void> {
  const { events, taken, unread } = await history.read(records)
  if (events === 0 && unread > 0) {
    throw new CommandFailure('The output file is not one of a monitor: it has lines, but no event.')
  }
  if (taken > 0) err(`Continues a file with ${taken} probes of these trackers.\n`)
}

type WatchOptions = TrackerProbeOptions &
  Pick<MonitorOptions, 'intervalMs' | 'maxRounds'> & { readonly signal: AbortSignal }

async function watch(
  tracker: WatchedTracker,
  delayMs: number,
  options: WatchOptions,
  take: (event: ProbeEvent) => Promise<void>,
  { pause }: CliEnvironment,
): Promise<void> {
  const { intervalMs, maxRounds = Number.POSITIVE_INFINITY, signal } = options
  if (delayMs > 0) await pause(delayMs, signal)
  for (let round = 1; !signal.aborted; round++) {
    for await (const event of probeTracker(tracker, options)) {
      // What was cut off by the interruption says nothing.
      if (!signal.aborted) await take(event)
    }
    if (round >= maxRounds || signal.aborted) return
    await pause(intervalMs * (1 - JITTER + 2 * JITTER * Math.random()), signal)
  }
}

/** A live table on a terminal; in a pipe the events, unless they go to a file. A summary at the end of either. */
class MonitorView {
  readonly #records: Records
  readonly #hasFile: boolean
  readonly #environment: CliEnvironment
  #drawnAt = Number.NEGATIVE_INFINITY

  constructor(records: Records, hasFile: boolean, environment: CliEnvironment) {
    this.#records = records
    this.#hasFile = hasFile
    this.#environment = environment
  }

  show(event: ProbeEvent): void {
    const { isTerminal, out } = this.#environment
    if (!isTerminal) {
      if (!this.#hasFile) out(writeProbeEvent(event))
      return
    }
    const now = performance.now()
    if (now - this.#drawnAt < DRAW_EVERY_MS) return
    this.#drawnAt = now
    this.#draw()
  }

  end(): void {
    const { isTerminal, out } = this.#environment
    if (isTerminal) this.#draw()
    else out(writeMonitorSummary(this.#records.all(), Date.now()))
  }

  #draw(): void {
    const { out, columns, paint } = this.#environment
    out(`${CLEAR_SCREEN}${writeMonitorTable(this.#records.current(), Date.now(), columns, paint)}`)
  }
}
