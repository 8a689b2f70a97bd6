// [limits]: how much the tracker stores, and how much a source may ask for.

import type { SettingsDocument } from './document-schema.ts'
import { limitsOptions } from './options/capacity.ts'
import { membersOf } from './options/members.ts'
import type { DocumentIssues } from './problems.ts'
import type { LimitsSettings } from './settings.ts'

/** A debt is stored as a time, with room for four hours. */
const MAX_BURST_SECONDS = 14_400

export function buildLimits({ limits: table }: SettingsDocument, issues: DocumentIssues): LimitsSettings {
  const limits = membersOf(limitsOptions, table)
  const check = (kind: string, rate: number, burst: number): void => {
    const name = `${kind}_burst`
    const path = ['limits', name]
    // A second's share becomes available at once, so a smaller burst would also lower the rate.
    if (burst < rate) issues.problem(path, `must be at least limits.${kind}_rate, which is ${rate}`)
    if (burst > rate * MAX_BURST_SECONDS) {
      issues.problem(path, `must be at most ${MAX_BURST_SECONDS} times limits.${kind}_rate, which is ${rate}`)
    }
  }
  if (limits.newTorrentRate > 0) check('new_torrent', limits.newTorrentRate, limits.newTorrentBurst)
  check('connect', limits.connectRate, limits.connectBurst)
  check('announce', limits.announceRate, limits.announceBurst)
  check('scrape', limits.scrapeRate, limits.scrapeBurst)
  check('error', limits.errorRate, limits.errorBurst)
  check('http', limits.httpRate, limits.httpBurst)
  return limits
}
