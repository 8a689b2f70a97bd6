// `tracker_client check monitor udp`: announces to one tracker again and again, with an event for each on standard
// error and the sums at the end on standard output, in Torrust's JSON.

import { errorMessage } from '../../../domain/error-message.ts'
import type { InfoHashLike } from '../../client/announce-call.ts'
import { openTracker } from '../../client/open-tracker.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import type { TrackerUrl } from '../../client/tracker-url.ts'
import { shownUrl } from '../check/shown-url.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeJsonLine } from '../output.ts'

export interface UdpMonitorOptions {
  readonly url: TrackerUrl
  /** The URL as it was given. */
  readonly text: string
  readonly intervalMs: number
  /** Of each exchange. */
  readonly timeoutMs: number
  readonly durationMs: number
  readonly infoHash: InfoHashLike
}

type Probe =
  | { readonly status: 'ok'; readonly elapsedMs: number }
  | { readonly status: 'timeout' }
  | { readonly status: 'error'; readonly message: string }

export async function monitorUdp(
  options: UdpMonitorOptions,
  { out, err, pause, interruption }: Pick<CliEnvironment, 'out' | 'err' | 'pause' | 'interruption'>,
): Promise<void> {
  const { text, intervalMs, durationMs } = options
  const signal = interruption()
  const url = shownUrl(text)
  const sums = new Sums()
  const endsAt = performance.now() + durationMs
  for (let sequence = 1; performance.now() < endsAt && !signal.aborted; sequence++) {
    const probe = await probeOnce(options, signal)
    if (signal.aborted) break
    sums.add(probe)
    const { status } = probe
    const elapsed_ms = probe.status === 'ok' ? probe.elapsedMs : null
    const message = probe.status === 'error' ? { message: probe.message } : {}
    err(writeJsonLine({ event: 'probe', sequence, url, status, elapsed_ms, ...message }))
    const leftMs = endsAt - performance.now()
    if (leftMs > 0) await pause(Math.min(intervalMs, leftMs), signal)
  }
  const message = signal.aborted ? 'monitor interrupted' : 'monitor completed'
  out(writeJsonLine({ udp_trackers: [{ url, status: { code: 'ok', message, stats: sums.toJson() } }] }))
}

async function probeOnce({ url, timeoutMs, infoHash }: UdpMonitorOptions, signal: AbortSignal): Promise<Probe> {
  const startedAt = performance.now()
  try {
    using tracker = await openTracker(url, { waitsMs: [timeoutMs], lookUpTimeoutMs: timeoutMs, signal })
    await tracker.announce({ infoHash, event: 'started' }, { signal })
    const elapsedMs = Math.floor(performance.now() - startedAt)
    await tracker.announce({ infoHash, event: 'stopped' }, { signal }).catch(() => undefined)
    return { status: 'ok', elapsedMs }
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'timed-out') return { status: 'timeout' }
    return { status: 'error', message: errorMessage(error) }
  }
}

/** Whole milliseconds and per cent, rounded down. */
class Sums {
  #total = 0
  #timeouts = 0
  #successes = 0
  #sumMs = 0
  #minMs: number | null = null
  #maxMs: number | null = null
  #lastMs: number | null = null

  add(probe: Probe): void {
    this.#total++
    this.#lastMs = null
    if (probe.status === 'timeout') this.#timeouts++
    if (probe.status !== 'ok') return
    const { elapsedMs } = probe
    this.#successes++
    this.#sumMs += elapsedMs
    this.#minMs = Math.min(this.#minMs ?? elapsedMs, elapsedMs)
    this.#maxMs = Math.max(this.#maxMs ?? elapsedMs, elapsedMs)
    this.#lastMs = elapsedMs
  }

  toJson(): object {
    return {
      total: this.#total,
      timeouts: this.#timeouts,
      timeout_percent: this.#total === 0 ? 0 : Math.floor((100 * this.#timeouts) / this.#total),
      min_ms: this.#minMs,
      max_ms: this.#maxMs,
      average_ms: this.#successes === 0 ? null : Math.floor(this.#sumMs / this.#successes),
      last_ms: this.#lastMs,
    }
  }
}
