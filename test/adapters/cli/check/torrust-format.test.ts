// muster check --format torrust: the options that hold for every format.

import { afterEach, describe, expect, it } from '@jest/globals'
import { checkHttpTracker, checkUdpTracker } from '../../../../src/adapters/cli/tracker-client/torrust-checks.ts'
import { readTrackerUrl } from '../../../../src/adapters/client/tracker-url.ts'
import { closeServices, httpService, udpService } from '../../../fixtures/answering-services.ts'
import { smallHttpTracker, smallUdpTracker } from '../../../fixtures/small-trackers.ts'
import { runLine } from '../a-command-line.ts'

afterEach(closeServices)

const HASH = 'ab'.repeat(20)
const ANSWER = 'd8:intervali1800e5:peers0:e'

function check(...words: readonly string[]) {
  return runLine(['check', '--format', 'torrust', ...words])
}

describe("in Torrust's format", () => {
  it('--timeout limits each exchange', async () => {
    const udp = await udpService(() => undefined)
    const http = await httpService(() => undefined)
    const words = [`udp://127.0.0.1:${udp}`, `http://127.0.0.1:${http}/announce`, '--timeout', '1']
    const { exitCode, out } = await check(...words)
    expect(exitCode).toBe(1)
    const Err = 'no answer within 1000 ms'
    expect(JSON.parse(out)).toMatchObject([
      {
        Udp: {
          Err: {
            results: [
              ['Setup', { Ok: null }],
              ['Connect', { Err }],
            ],
          },
        },
      },
      {
        Http: {
          Err: {
            results: [
              ['Announce', { Err }],
              ['Scrape', { Err }],
            ],
          },
        },
      },
    ])
  })

  it.each([
    ['--info-hash', [HASH]],
    ['a magnet link', []],
  ])('the torrent is that of %s', async (given, words) => {
    const udp = await smallUdpTracker()
    const http = await smallHttpTracker(ANSWER)
    const urls = [udp.url, `${http.url}/announce`]
    const link = `magnet:?xt=urn:btih:${HASH}&tr=${urls.map(encodeURIComponent).join('&tr=')}`
    const { exitCode } = await check(...(words.length === 0 ? [link] : [...urls, given, ...words]))
    expect(exitCode).toBe(0)
    // An announce, a scrape, a stop.
    expect([udp.asked.length, http.asked.length]).toEqual([3, 3])
    for (const datagram of udp.asked) expect(datagram.slice(16, 36)).toEqual(Buffer.from(HASH, 'hex'))
    for (const target of http.asked) expect(String(target).toLowerCase()).toContain('info_hash=%ab%ab%ab')
  })

  it('entries are in the order of the trackers', async () => {
    const http = await smallHttpTracker(ANSWER)
    const { exitCode, out } = await check(`${http.url}/announce`, 'wss://127.0.0.1', `${http.url}/tracker/announce`)
    expect(exitCode).toBe(1)
    const urls = JSON.parse(out).map((entry: { Http: Record<string, { url: string }> }) => Object.values(entry.Http)[0])
    expect(urls.map(({ url }: { url: string }) => url)).toEqual([
      `${http.url}/announce`,
      'wss://127.0.0.1',
      `${http.url}/tracker/announce`,
    ])
  })

  it('--strict is refused, because there are no verdicts of newTrackon', async () => {
    expect(await check('udp://127.0.0.1:1', '--strict')).toEqual({
      exitCode: 2,
      out: '',
      err: '--strict judges by the rules of newTrackon, which --format torrust does not know.\n',
    })
  })

  it('checks end when they are aborted', async () => {
    const stopping = [new AbortController(), new AbortController()]
    const udpPort = await udpService(() => {
      stopping[0].abort()
      return undefined
    })
    const httpPort = await httpService(() => stopping[1].abort())
    const [udpOptions, httpOptions] = stopping.map(({ signal }) => ({ timeoutMs: 600_000, signal }))
    const Err = 'the request was aborted'
    expect(await checkUdpTracker(readTrackerUrl(`udp://127.0.0.1:${udpPort}`), udpOptions)).toMatchObject({
      check: {
        Udp: {
          Err: {
            results: [
              ['Setup', { Ok: null }],
              ['Connect', { Err }],
            ],
          },
        },
      },
    })
    const url = `http://127.0.0.1:${httpPort}/announce`
    expect(await checkHttpTracker(readTrackerUrl(url), url, httpOptions)).toMatchObject({
      check: {
        Http: {
          Err: {
            results: [
              ['Announce', { Err }],
              ['Scrape', { Err }],
            ],
          },
        },
      },
    })
  })
})
