import { describe, expect, it } from '@jest/globals'
import { readShownToken } from '../../../../../src/adapters/protocol/rest/v1/token.ts'

function shown(authorization: string | undefined, query: string) {
  return readShownToken(authorization === undefined ? [] : [authorization], new URLSearchParams(query))
}

describe('the token of a request', () => {
  it.each([
    [undefined, 'token=MyAccessToken', 'MyAccessToken'],
    [undefined, 'offset=1&token=MyAccessToken&limit=2', 'MyAccessToken'],
    [undefined, 'token=a%2Bb%20c+d', 'a+b c d'],
    [undefined, 'token=', ''],
    [undefined, 'token=first&offset=1&token=second', 'first'],
    [undefined, 'token=&token=second', ''],
    ['Bearer MyAccessToken', '', 'MyAccessToken'],
    ['bearer MyAccessToken', '', 'MyAccessToken'],
    ['Bearer other', 'token=MyAccessToken', 'other'],
    ['Bearer ', 'token=MyAccessToken', ''],
    ['Bearer', 'token=MyAccessToken', ''],
  ])('with the header %j and the query %j is %j', (authorization, query, token) => {
    expect(shown(authorization, query)).toEqual({ kind: 'token', token })
  })

  it('is wrong if there are several headers', () => {
    expect(readShownToken(['Bearer a', 'Bearer b'], new URLSearchParams('token=a'))).toEqual({
      kind: 'token',
      token: '',
    })
  })

  it('is missing without header and query', () => {
    expect(shown(undefined, 'tokens=1')).toEqual({ kind: 'missing' })
  })

  it.each(['Basic YTpi', 'BearerMyAccessToken', 'MyAccessToken', ''])(
    'is unknown for the header %j',
    (authorization) => {
      expect(shown(authorization, 'token=MyAccessToken')).toEqual({ kind: 'unknown' })
    },
  )
})
