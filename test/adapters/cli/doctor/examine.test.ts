// All checks together: each one can only fail itself.

import { describe, expect, it } from '@jest/globals'
import { CHECKS, runCheck, runChecks } from '../../../../src/adapters/cli/doctor/examine.ts'
import { aMachine, aPlan } from '../../../fixtures/examined-trackers.ts'

const NAMES = CHECKS.map(([name]) => name)

describe('the checks of the doctor', () => {
  it('report under the names that they are listed by', async () => {
    const tracker = { plan: aPlan(), machine: aMachine(), listeners: [] }
    for (const [name, check] of CHECKS) {
      expect(new Set((await check(tracker)).map((finding) => finding.check))).toEqual(new Set([name]))
    }
  })

  it('do not affect each other: an exception is the finding of the check that threw it', async () => {
    const addresses = () => {
      throw new Error('no addresses')
    }
    const examine = () => Promise.reject(new Error('no driver'))
    const plan = aPlan({ listeners: [], database: { name: 'a database', examine } })
    const findings = await runChecks(plan, aMachine({ addresses }))
    expect(findings.map(({ check }) => check)).toEqual(NAMES)
    expect(findings.filter(({ verdict }) => verdict === 'fail')).toEqual([
      {
        check: 'ipv6',
        verdict: 'fail',
        message: 'could not be carried out: no addresses',
        remedy: expect.stringContaining("as the tracker's user"),
      },
      expect.objectContaining({ check: 'database', message: 'could not be carried out: no driver' }),
    ])
  })

  it('are covered whether they throw at once or later', async () => {
    const later = runCheck('later', async () => await Promise.reject(new Error('late')))
    expect(await later).toMatchObject([{ check: 'later', message: 'could not be carried out: late' }])
  })
})
