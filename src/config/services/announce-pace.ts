// Adjusts the announce interval to the target rate, if one is configured.

import { Repeater } from '../../adapters/inbound/schedule/repeater.ts'
import { PaceKeeper } from '../../application/pace-keeper.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { Logger } from '../process/logger.ts'
import type { AnnounceSettings } from '../settings/settings.ts'
import type { Get } from '../wiring/bindings.ts'
import { SwarmsPart } from '../wiring/parts.ts'

/** Short, because all clients of an outage that return within a step are told to come back in the same span. */
const STEP_MILLISECONDS = 1000

/** To be called before listeners open. */
export function startPace(
  settings: AnnounceSettings,
  pace: SharedArrayBuffer,
  get: Get,
  { logger, lifecycle }: { readonly logger: Logger; readonly lifecycle: Lifecycle },
): void {
  const { targetAnnouncesPerSecond, intervalSeconds, jitter } = settings
  if (targetAnnouncesPerSecond === undefined) return
  const target = {
    announcesPerSecond: targetAnnouncesPerSecond,
    minSeconds: intervalSeconds,
    maxSeconds: settings.maxIntervalSeconds ?? intervalSeconds,
    jitter,
  }
  const dependencies = { swarms: get(SwarmsPart).memory, counters: get(Counters), clock: get(SteadyClock), pace }
  const keeper = new PaceKeeper(target, dependencies)
  let wasShedding = false
  const steps = new Repeater(() => keeper.adjust(), {
    intervalMilliseconds: STEP_MILLISECONDS,
    done: ({ isShedding }) => {
      if (isShedding !== wasShedding) logShedding(logger, isShedding, target.announcesPerSecond)
      wasShedding = isShedding
    },
  })
  steps.start()
  lifecycle.add('the pace of announces', () => steps.stop())
}

function logShedding(logger: Logger, isShedding: boolean, target: number): void {
  if (isShedding) {
    logger.log('warn', 'CORE', `more than ${target} announces a second at the longest interval: replies are shortened`)
  } else logger.log('info', 'CORE', `announces are down to ${target} a second: replies have all peers again`)
}
