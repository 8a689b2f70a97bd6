// The timeouts of HTTP listeners: which contradict each other, and what is said about it.

import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

function documentOf(options: string): string {
  return documentWith(`[[http_trackers]]\n[http_tracker_server]\n${options}`)
}

describe('the time for headers', () => {
  it.each(['headers_timeout = 15', 'request_timeout = 10', 'headers_timeout = 60\nrequest_timeout = "1m"'])(
    'may be as long as that for the whole request: %s',
    async (options) => {
      expect((await load(documentOf(options))).warnings).toEqual([])
    },
  )

  it.each([
    [
      'headers_timeout = 16',
      '11:19: http_tracker_server.headers_timeout: must be at most request_timeout, which is 15 s by default; got 16 s',
    ],
    [
      'request_timeout = 9',
      '11:19: http_tracker_server.request_timeout: must be at least headers_timeout, which is 10 s by default; got 9 s',
    ],
    [
      'headers_timeout = "2m"\nrequest_timeout = 119',
      '11:19: http_tracker_server.headers_timeout: must be at most request_timeout, which is 119 s; got 120 s',
    ],
  ])('cannot be longer: %s', async (options, message) => {
    expect(await complaints(documentOf(options))).toEqual([`tracker.toml:${message}`])
  })
})
