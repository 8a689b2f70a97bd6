// Which changes of access and listeners a take-over is refused for.

import { describe, expect, it } from '@jest/globals'
import { configuredListeners } from '../../../src/config/pre-start/configured-listeners.ts'
import { droppedListeners, isWider, writeAccess } from '../../../src/config/take-over/access-change.ts'
import { documentWith, load } from '../settings/loading.ts'

const PUBLIC = { isListed: false, isPrivate: false }
const LISTED = { isListed: true, isPrivate: false }
const PRIVATE = { isListed: false, isPrivate: true }
const BOTH = { isListed: true, isPrivate: true }
const MODES = [PUBLIC, LISTED, PRIVATE, BOTH]

describe('access', () => {
  it('is wider when a key or the whitelist is no longer needed', () => {
    const wider = MODES.flatMap((last) => MODES.filter((next) => isWider(last, next)).map((next) => [last, next]))
    expect(wider.map((pair) => pair.map(writeAccess).join(' to '))).toEqual([
      'listed to public',
      'listed to private',
      'private to public',
      'private to listed',
      'private and listed to public',
      'private and listed to listed',
      'private and listed to private',
    ])
  })
})

describe('a listener', () => {
  const dropped = async (urls: readonly string[], tables: string) => {
    const { settings } = await load(documentWith(tables))
    const last = { pid: 1, access: PUBLIC, document: { kind: 'built-in', name: '' } } as const
    return droppedListeners({ ...last, listeners: [{ option: 'x', urls }] }, configuredListeners(settings))
  }
  const udp = (address: string) => `[[udp_trackers]]\nbind_address = "${address}"`
  const http = (address: string) => `[[http_trackers]]\nbind_address = "${address}"`

  it.each([
    ['udp://192.0.2.1:6969', udp('192.0.2.1:6969')],
    ['udp://192.0.2.1:6969', udp('0.0.0.0:6969')],
    ['udp://[2001:db8::1]:6969', udp('[::]:6969')],
    ['http://192.0.2.1:7070', http('[::]:7070')],
  ])('%s stays with %j', async (url, tables) => {
    expect(await dropped([url], tables)).toEqual([])
  })

  it.each([
    ['udp://192.0.2.1:6969', udp('192.0.2.1:6970')],
    ['udp://192.0.2.1:6969', udp('192.0.2.2:6969')],
    ['udp://192.0.2.1:6969', http('192.0.2.1:6969')],
    ['udp://0.0.0.0:6969', udp('127.0.0.1:6969')],
    ['udp://[2001:db8::1]:6969', udp('0.0.0.0:6969')],
    ['http://192.0.2.1:7070', `${http('[::]:7070')}\nnetwork = { ipv6_v6only = true }`],
  ])('%s is dropped with %j', async (url, tables) => {
    expect(await dropped([url], tables)).toEqual([`${url} (x)`])
  })

  it('on a port that the system chose stays with that port, or with port 0', async () => {
    const urls = ['udp://127.0.0.1:0', 'udp://127.0.0.1:40000']
    expect(await dropped(urls, udp('127.0.0.1:0'))).toEqual([])
    expect(await dropped(urls, udp('127.0.0.1:40000'))).toEqual([])
    expect(await dropped(urls, udp('127.0.0.1:40001'))).toEqual(['udp://127.0.0.1:40000 (x)'])
  })
})
