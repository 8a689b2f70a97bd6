import { describe, expect, it } from '@jest/globals'
import { Route } from '../../../../src/adapters/protocol/announce-path.ts'
import { RequestTarget, readRequestTarget } from '../../../../src/adapters/protocol/http/request-target.ts'

function read(text: string) {
  const target = new RequestTarget()
  // Bytes beyond the end must not be read.
  const bytes = Buffer.from(`${text}/announce?c=d`)
  readRequestTarget(bytes, 0, text.length, target)
  return {
    route: target.route,
    query: text.slice(target.queryAt, target.end),
    key: text.slice(target.keyAt, target.keyEnd),
  }
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
    expect(read(text)).toMatchObject({ route: Route.Announce, query })
  })

  it.each(['/scrape?a=b', '/scrape/?a=b', '/key/scrape?a=b', '/scrape/key?a=b', 'http://h/scrape?a=b'])(
    'finds the scrape in %s',
    (text) => {
      expect(read(text)).toMatchObject({ route: Route.Scrape, query: 'a=b' })
    },
  )

  it.each([
    ['/announce?a=/key/', ''],
    ['/announce/', ''],
    ['/key/announce?a=b', 'key'],
    ['/announce/key?a=b', 'key'],
    ['/key/announce/', 'key'],
    ['/scrape/key/', 'key'],
    ['/%6bey/scrape', '%6bey'],
    ['/announce/scrape', 'scrape'],
    ['https://host:1/key/announce?a=b', 'key'],
  ])('finds the key of %s', (text, key) => {
    expect(read(text).key).toBe(key)
  })

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
  ])('finds no route in %p', (text) => {
    expect(read(text).route).toBe(Route.Other)
  })
})
