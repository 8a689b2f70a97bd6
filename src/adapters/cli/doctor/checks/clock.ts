// Checks that the clock is plausible: keys expire by it, and saved swarms age by it between runs.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

const YEARS = { first: 2026, last: 2099 } as const
const REMEDY = 'timedatectl set-ntp true, or install and start chrony'

export const clock: Check = async ({ machine }) => {
  const findings = new Findings('clock')
  const now = machine.now()
  const year = now.getUTCFullYear()
  const time = `${now.toISOString().slice(0, 16)} UTC`
  if (year < YEARS.first || year > YEARS.last) findings.fail(`the clock says ${time}`, REMEDY)
  const isSynchronized = await machine.run('timedatectl', 'show', '--property=NTPSynchronized', '--value')
  if (isSynchronized?.trim() === 'no') findings.warn('the clock is not synchronized with a time server', REMEDY)
  const following =
    isSynchronized?.trim() === 'yes'
      ? 'and is synchronized with a time server'
      : 'but whether it is synchronized is unknown'
  return findings.okIfNone(`the clock says ${time}, ${following}`).found
}
