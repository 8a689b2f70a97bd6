import { describe, expect, it } from '@jest/globals'
import { RequestTarget, Route, readRequestTarget } from '../../../../src/adapters/protocol/http/request-target.ts'

const read = (text: string) => {
  const target = new RequestTarget()
  readRequestTarget(text, target)
  return { route: target.route, query: text.slice(target.queryAt) }
}

describe('readRequestTarget', () => {
  it.each([
    ['/announce', ''],
    ['/announce?', ''],
    ['/announce?a=b', 'a=b'],
    ['/announce?a=b?c=/d', 'a=b?c=/d'],
    ['/announce/', ''],
    ['/announce/?a=b', 'a=b'],
    ['/0123abcd/announce?a=b', 'a=b'],
    ['/announce/0123abcd?a=b', 'a=b'],
    ['/announce/0123abcd/?a=b', 'a=b'],
    ['/0123abcd/announce/?a=b', 'a=b'],
    ['http://tracker.example:6969/announce?a=b', 'a=b'],
    ['HTTPS://[::1]/announce?a=b', 'a=b'],
    ['http://tracker.example/key/announce', ''],
  ])('finds the announce in %s', (text, query) => {
    expect(read(text)).toEqual({ route: Route.Announce, query })
  })

  it.each(['/scrape?a=b', '/scrape/?a=b', '/key/scrape?a=b', '/scrape/key?a=b', 'http://h/scrape?a=b'])(
    'finds the scrape in %s',
    (text) => {
      expect(read(text)).toEqual({ route: Route.Scrape, query: 'a=b' })
    },
  )

  it.each([
    '',
    '/',
    '*',
    '?',
    '//',
    '//announce',
    '/announce//',
    '//announce/',
    '/announce.php',
    '/announce.php?a=b',
    '/Announce',
    '/ANNOUNCE',
    '/announce%20',
    '/announcer',
    '/a/b/announce',
    '/announce/a/b',
    '/announce/a/b?/announce',
    '/key/announce.php',
    '/?/announce',
    'announce',
    'ftp://host/announce',
    'http://host?/announce',
    'http://announce',
    'http:/announce',
    '/health_check',
  ])('finds nothing in %p', (text) => {
    expect(read(text).route).toBe(Route.Other)
  })
})
