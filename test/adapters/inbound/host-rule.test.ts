import { describe, expect, it } from '@jest/globals'
import { HostRule } from '../../../src/adapters/inbound/host-rule.ts'

const ALLOWED = ['api.example.org', '192.0.2.7', '2001:db8::7', 'Upper.Example']

function accepts(listenerHost: string, ...hosts: readonly string[]) {
  const rawHeaders = hosts.flatMap((host) => ['hOST', host])
  return new HostRule(listenerHost, ALLOWED).accepts({ url: '/api', rawHeaders: ['Accept', '*/*', ...rawHeaders] })
}

/** Accepted everywhere. */
const OWN = [
  '127.0.0.1:1212',
  '127.0.0.1',
  '127.0.0.1:8080',
  '127.9.9.9:1212',
  '[::1]:1212',
  '[0:0:0:0:0:0:0:1]',
  'localhost',
  'LOCALHOST:1212',
  'localhost.:1212',
  'tracker.localhost:1212',
  'api.example.org',
  'API.example.org.:443',
  'upper.example',
  '192.0.2.7:1212',
  '[2001:db8:0::7]:1212',
  '',
]

/** Accepted only where other machines can connect. */
const REACHABLE = ['192.0.2.8:1212', '[2001:db8::8]', '0.0.0.0:1212', 'tracker:1212', 'tracker']

const FOREIGN = [
  'evil.example',
  'evil.example:1212',
  'localhost.evil.example',
  'notlocalhost.example',
  '127.0.0.1.evil.example:1212',
  'evil.api.example.org',
  'api.example.org.evil.example',
  'example.org',
  '127.0.0.1:1212@evil.example',
  'evil.example@127.0.0.1',
  'evil.example/127.0.0.1',
  'evil.example#localhost',
  '127.0.0.1, evil.example',
  '127.0.0.1 evil.example',
  '127.0.0.1:x',
  '127.0.0.1:99999',
  '::1',
  '[::1',
  ':1212',
  '%6cocalhost',
  'evil.example\\.localhost',
]

describe('the host of a request', () => {
  it.each(['127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1'])('for a listener on %s', (listener) => {
    expect(OWN.filter((host) => !accepts(listener, host))).toEqual([])
    expect([...REACHABLE, ...FOREIGN].filter((host) => accepts(listener, host))).toEqual([])
  })

  it.each(['0.0.0.0', '::', '192.0.2.8', '2001:db8::8', 'fe80::1%eth0'])('for a listener on %s', (listener) => {
    expect([...OWN, ...REACHABLE].filter((host) => !accepts(listener, host))).toEqual([])
    expect(FOREIGN.filter((host) => accepts(listener, host))).toEqual([])
  })

  it('may be absent, but all that are given must be right', () => {
    expect(accepts('127.0.0.1')).toBe(true)
    expect(accepts('127.0.0.1', 'localhost', 'evil.example')).toBe(false)
    expect(accepts('127.0.0.1', 'evil.example', 'localhost')).toBe(false)
  })

  it.each([
    ['http://localhost:1212/api', true],
    ['http://evil.example/api', false],
    ['HTTP://evil.example', false],
    ['https://localhost@evil.example/', false],
    ['/http://evil.example/', true],
  ])('is also that of the target %s: %p', (url, isAccepted) => {
    expect(new HostRule('127.0.0.1', []).accepts({ url, rawHeaders: ['Host', '127.0.0.1'] })).toBe(isAccepted)
  })
})
