import { describe, expect, it } from '@jest/globals'
import { isPassing, liveness, readiness } from '../../../../src/adapters/protocol/health/condition.ts'
import { healthReport } from '../../../../src/adapters/protocol/health/health-report.ts'
import { readCondition, readHealthReport } from '../../../../src/adapters/protocol/health/read-answers.ts'

const A_SERVICE = {
  service_binding: 'udp://0.0.0.0:6969',
  binding: '0.0.0.0:6969',
  service_type: 'udp_tracker',
  info: 'checking the udp tracker health check at: 0.0.0.0:6969',
  result: { Ok: 'Connected' },
} as const
const A_CHECK = { name: 'tracker', status: 'ok', message: 'fine' } as const

describe('answers of a health API', () => {
  it('are read as they were written', () => {
    for (const report of [healthReport([A_SERVICE]), healthReport([{ ...A_SERVICE, result: { Err: 'Timed Out' } }])]) {
      expect(readHealthReport(JSON.stringify(report))).toEqual(report)
    }
    for (const condition of [liveness([A_CHECK]), readiness([{ ...A_CHECK, status: 'failed' }])]) {
      expect(readCondition(JSON.stringify(condition))).toEqual(condition)
    }
  })

  it('of older trackers have only the binding of a service', () => {
    const { binding, info, result } = A_SERVICE
    const text = JSON.stringify({ status: 'Ok', message: '', details: [{ binding, info, result }] })
    expect(readHealthReport(text)?.details).toEqual([
      { service_binding: binding, binding, service_type: 'service', info, result },
    ])
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"status":"ok","message":"","details":[]}',
    '{"status":"Ok","message":"","details":{}}',
    '{"status":"Ok","message":"","details":[null]}',
    '{"status":"Ok","message":"","details":[{"binding":"a","info":"b","result":{}}]}',
    '{"status":"live","checks":[{"name":1}]}',
    '{"status":"elsewhere","checks":[]}',
  ])('are not read from %s', (text) => {
    expect([readHealthReport(text), readCondition(text)]).toEqual([undefined, undefined])
  })

  it('are passing unless a check failed', () => {
    expect([liveness([A_CHECK]), readiness([A_CHECK, { ...A_CHECK, status: 'degraded' }])].map(isPassing)).toEqual([
      true,
      true,
    ])
    expect(isPassing(readiness([A_CHECK, { ...A_CHECK, status: 'failed' }]))).toBe(false)
    expect(isPassing(liveness([{ ...A_CHECK, status: 'failed' }]))).toBe(false)
  })
})
