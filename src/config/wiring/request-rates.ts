// The rate limits of a thread, over the memory that all threads share.

import { RateKind } from '../../adapters/inbound/rate-memory.ts'
import type { Rate } from '../../adapters/inbound/rate-table.ts'
import { RequestRates } from '../../adapters/inbound/request-rates.ts'
import type { LimitsSettings } from '../settings/settings.ts'
import type { SharedMemory } from './shared-memory.ts'

export function requestRates(limits: LimitsSettings, memory: SharedMemory): RequestRates {
  const rates: Record<RateKind, Rate> = {
    [RateKind.Connect]: { perSecond: limits.connectRate, burst: limits.connectBurst },
    [RateKind.Announce]: { perSecond: limits.announceRate, burst: limits.announceBurst },
    [RateKind.Scrape]: { perSecond: limits.scrapeRate, burst: limits.scrapeBurst },
    [RateKind.Error]: { perSecond: limits.errorRate, burst: limits.errorBurst },
    [RateKind.HttpRequest]: { perSecond: limits.httpRate, burst: limits.httpBurst },
  }
  return new RequestRates(memory.rates, {
    isOn: limits.areRatesLimited,
    appliesToPrivate: limits.appliesToPrivate,
    rates,
    prefixMultiple: limits.prefixMultiple,
  })
}
