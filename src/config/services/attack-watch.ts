// Watches for attacks, logs their begin and end, and sends alerts if an address for them is configured.

import { Repeater } from '../../adapters/inbound/schedule/repeater.ts'
import { AlertWebhook } from '../../adapters/outbound/network/alert-webhook/alert-webhook.ts'
import { AttackWatch } from '../../application/attack-watch.ts'
import type { AttackChange, SignalRate } from '../../domain/attack-detector.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import { Timer } from '../../domain/ports/outbound/timer.ts'
import { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { Logger } from '../process/logger.ts'
import type { TrackerStatus } from '../process/tracker-status.ts'
import type { AttackSettings } from '../settings/settings.ts'
import type { Get } from '../wiring/bindings.ts'
import { AttackPart } from '../wiring/parts.ts'
import { ATTACK_SIGNALS } from './attack-signals.ts'

const LOOK_MILLISECONDS = 1000

interface AttackWatchStart {
  readonly version: string
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly status: TrackerStatus
}

/** To be called when listeners are open. */
export function startAttackWatch(settings: AttackSettings, get: Get, start: AttackWatchStart): void {
  const { isDetected, minRate, ratio, alertWebhook } = settings
  if (!isDetected) return
  const { logger, lifecycle } = start
  const alerts = alertWebhook === undefined ? undefined : startWebhook(alertWebhook, get, start)
  const bounds = { minPerSecond: minRate, ratio }
  const mode = get(AttackPart)
  start.status.watchAttacks(() => mode.isOn)
  const dependencies = {
    counters: get(Counters),
    clock: get(SteadyClock),
    wallClock: get(WallClock),
    mode,
    alerts,
  }
  const watch = new AttackWatch(ATTACK_SIGNALS, bounds, dependencies)
  const looks = new Repeater(() => watch.look(), {
    intervalMilliseconds: LOOK_MILLISECONDS,
    done: (change) => {
      if (change !== undefined) logger.log(change.kind === 'began' ? 'warn' : 'info', 'CORE', describe(change))
    },
  })
  looks.start()
  lifecycle.add('the watch for attacks', () => looks.stop())
}

function startWebhook(url: string, get: Get, { version, logger, lifecycle }: AttackWatchStart): AlertWebhook {
  let isFailing = false
  const report = {
    delivered: () => {
      isFailing = false
    },
    gaveUp: (reason: unknown) => {
      if (!isFailing) logger.log('error', 'CORE', `alerts cannot be delivered: ${errorMessage(reason)}`)
      isFailing = true
    },
  }
  const webhook = new AlertWebhook({ url, version }, { counters: get(Counters), timer: get(Timer), report })
  lifecycle.add('the alerts', () => {
    if (webhook.stop()) logger.log('warn', 'CORE', 'an alert was not delivered before the stop')
  })
  return webhook
}

function describe(change: AttackChange): string {
  if (change.kind === 'began') return `under attack: ${change.rates.map(besideBound).join(', ')}`
  const peaks = change.rates.map(({ name, perSecond }) => `${name} ${perSecondText(perSecond)}`).join(', ')
  return `the attack is over: it lasted ${Math.round(change.seconds)} s with the last quiet minute; at most ${peaks}`
}

function besideBound({ name, perSecond, boundPerSecond }: SignalRate): string {
  return `${name} ${perSecondText(perSecond)} (more than ${perSecondText(boundPerSecond)})`
}

function perSecondText(rate: number): string {
  return `${Math.round(rate)}/s`
}
