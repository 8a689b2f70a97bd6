// The mistakes that operators make in a document: each message says what to write instead.

import { describe, expect, it } from '@jest/globals'
import { complaints } from './loading.ts'

describe('the message about a mistake says what to write', () => {
  it.each([
    [
      'an empty document',
      '# nothing here\n',
      'tracker.toml: the document is empty, and nothing would be served: write at least [[http_trackers]] or [[udp_trackers]] on a line of its own, or start without a document for the built-in defaults',
    ],
  ])('%s', async (_, text, line) => {
    expect(await complaints(text)).toEqual([line])
  })
})
