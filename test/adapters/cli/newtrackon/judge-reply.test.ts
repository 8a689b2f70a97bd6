import { describe, expect, it } from '@jest/globals'
import { judgeReply } from '../../../../src/adapters/cli/newtrackon/judge-reply.ts'

const LONG = 1024 * 1024

function violationLength(reply: ReadonlyMap<string, Uint8Array>): number {
  const judged = judgeReply(new Map(reply))
  return 'violation' in judged ? judged.violation.length : -1
}

describe('a violation', () => {
  it('does not keep a megabyte that a tracker gives as the reason', () => {
    const length = violationLength(new Map([['failure reason', Buffer.alloc(LONG, 'x')]]))
    expect(length).toBeGreaterThan(100)
    expect(length).toBeLessThan(1000)
  })

  it('names a key of a megabyte by its beginning, and what is wrong with it', () => {
    const reply = new Map([
      ['peers', Buffer.alloc(6)],
      ['k'.repeat(LONG), Buffer.from([0xff])],
    ])
    expect(judgeReply(reply)).toEqual({
      rule: 'NT-06',
      violation: expect.stringMatching(/^k{20,200} is not UTF-8 text$/),
    })
  })
})
