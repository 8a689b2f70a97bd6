// Sends alerts to a URL of the operator. One alert is pending at most: a later one takes the place of one that has not
// been delivered. Nothing waits for it.

import type { Alert, AlertChannel } from '../../../../domain/ports/outbound/alert-channel.ts'
import { type Counters, TrackerCounter } from '../../../../domain/ports/outbound/counters.ts'
import type { Timer } from '../../../../domain/ports/outbound/timer.ts'
import { postJson } from './post-json.ts'

const TIME_LIMIT_MILLISECONDS = 5000
/** Pauses before the second and each further attempt; the alert is given up after the last of them. */
const PAUSES_SECONDS = [2, 8, 30]

export interface WebhookOptions {
  readonly url: string
  readonly version: string
}

/** Called with the outcome of each alert that is not replaced. Reasons do not contain the URL. */
interface WebhookReport {
  delivered(): void
  gaveUp(reason: unknown): void
}

export interface WebhookDependencies {
  readonly counters: Counters
  readonly timer: Timer
  readonly report: WebhookReport
}

interface Pending {
  readonly json: string
  failures: number
}

export class AlertWebhook implements AlertChannel {
  readonly #url: URL
  readonly #version: string
  readonly #dependencies: WebhookDependencies
  #pending: Pending | undefined
  /** The one that is being sent, which may have been replaced as the pending one. */
  #sent: Pending | undefined
  #attempt: AbortController | undefined
  #cancelPause: (() => void) | undefined
  #isStopped = false

  constructor({ url, version }: WebhookOptions, dependencies: WebhookDependencies) {
    this.#url = new URL(url)
    this.#version = version
    this.#dependencies = dependencies
  }

  raise(alert: Alert): void {
    if (this.#isStopped) return
    if (this.#pending !== undefined && this.#pending !== this.#sent) this.#count(TrackerCounter.alerts_replaced)
    this.#pending = { json: this.#write(alert), failures: 0 }
    this.#cancelPause?.()
    if (this.#sent === undefined) this.#send(this.#pending)
  }

  /** Ends what is under way. Returns whether an alert is lost by that. */
  stop(): boolean {
    this.#isStopped = true
    this.#cancelPause?.()
    this.#attempt?.abort(new Error('the tracker stops'))
    return this.#pending !== undefined
  }

  async #send(alert: Pending): Promise<void> {
    this.#sent = alert
    const failure = await this.#post(alert.json)
    this.#sent = undefined
    if (failure === undefined) this.#finish(alert)
    else if (!this.#isStopped) this.#retry(alert, failure.reason)
    if (this.#pending !== undefined && this.#pending !== alert && !this.#isStopped) this.#send(this.#pending)
  }

  #finish(alert: Pending): void {
    this.#count(TrackerCounter.alerts_sent)
    if (this.#pending === alert) this.#pending = undefined
    this.#dependencies.report.delivered()
  }

  #retry(alert: Pending, reason: unknown): void {
    this.#count(TrackerCounter.alert_failures)
    if (this.#pending !== alert) {
      this.#count(TrackerCounter.alerts_replaced)
      return
    }
    const pauseSeconds = PAUSES_SECONDS[alert.failures++]
    if (pauseSeconds === undefined) {
      this.#pending = undefined
      this.#dependencies.report.gaveUp(reason)
      return
    }
    this.#cancelPause = this.#dependencies.timer.start(pauseSeconds * 1000, () => this.#send(alert))
  }

  /** Undefined if it was accepted. */
  async #post(json: string): Promise<{ readonly reason: unknown } | undefined> {
    const attempt = new AbortController()
    this.#attempt = attempt
    const tooLate = new Error(`no answer within ${TIME_LIMIT_MILLISECONDS / 1000} s`)
    const cancelLimit = this.#dependencies.timer.start(TIME_LIMIT_MILLISECONDS, () => attempt.abort(tooLate))
    try {
      await postJson({ url: this.#url, json, userAgent: `Muster/${this.#version}`, signal: attempt.signal })
      return undefined
    } catch (error) {
      return { reason: attempt.signal.aborted ? attempt.signal.reason : error }
    } finally {
      cancelLimit()
    }
  }

  #write({ event, atSeconds, durationSeconds, rates }: Alert): string {
    const at = new Date(atSeconds * 1000).toISOString()
    return JSON.stringify({ event, at, version: this.#version, duration_seconds: durationSeconds, rates })
  }

  #count(counter: number): void {
    this.#dependencies.counters.add(counter, 1)
  }
}
