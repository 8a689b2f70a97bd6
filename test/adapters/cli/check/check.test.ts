// muster check against services that answer wrongly.

import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from '@jest/globals'
import { shownUrl } from '../../../../src/adapters/cli/check/shown-url.ts'
import { judge, worstVerdict } from '../../../../src/adapters/cli/check/verdict.ts'
import { TrackerError } from '../../../../src/adapters/client/tracker-error.ts'
import { closeServices, httpService, udpService } from '../../../fixtures/answering-services.ts'
import { runLine } from '../a-command-line.ts'

afterEach(closeServices)

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'

function answering(text: string | Buffer, status = 200): RequestListener {
  return (_, response) => response.writeHead(status).end(text)
}

async function checked(answer: RequestListener, ...words: readonly string[]) {
  const port = await httpService(answer)
  const { exitCode, out } = await runLine(['check', `http://127.0.0.1:${port}/announce`, ...words])
  const [{ endpoints }] = JSON.parse(out).trackers
  const { verdict, rule, message } = endpoints[0]
  return { exitCode, verdict, rule, message }
}

describe('an HTTP tracker', () => {
  it.each([
    ['d8:intervali60e5:peers0:e', 'NT-03', 'the interval is 60 s, not 300 to 10800 s'],
    ['d5:peers0:e', 'NT-03', 'the answer has no interval'],
    [Buffer.from('d8:intervali1800e5:peers0:10:tracker id1:\xffe', 'latin1'), 'NT-06', 'tracker id is not UTF-8 text'],
  ])('works, but is rejected, if its answer is %s', async (answer, rule, message) => {
    expect(await checked(answering(answer))).toEqual({ exitCode: 0, verdict: 'rejected', rule, message })
    expect((await checked(answering(answer), '--strict')).exitCode).toBe(1)
  })

  it('may send bytes after the end, which newTrackon tolerates', async () => {
    expect(await checked(answering('d8:intervali1800e5:peers0:e\n'))).toMatchObject({ exitCode: 0, verdict: 'ok' })
  })

  it.each([
    ['d14:failure reason4:no\u0007!e', 200, 'refused: no\u0007!'],
    ['d8:intervali1800ee', 200, 'the answer has neither peers nor peers6'],
    ['<html>', 200, 'the answer is not a bencoded dictionary'],
    ['', 503, 'the answer was 503 Service Unavailable'],
  ])('fails if its answer is %j with status %i', async (answer, status, message) => {
    expect(await checked(answering(answer, status))).toEqual({
      exitCode: 1,
      verdict: 'failing',
      rule: 'NT-04',
      message,
    })
  })

  it('cannot move the cursor of a terminal', async () => {
    const port = await httpService(answering('d14:failure reason6:\u001b[2J!!e'))
    const { out } = await runLine(['check', `http://127.0.0.1:${port}/`], { isTerminal: true, columns: 200 })
    expect(out).toContain('refused: ?[2J!!')
    expect(out).not.toContain('\u001b')
  })

  it('is asked with its key, which is never shown', async () => {
    const asked: string[] = []
    const port = await httpService((request, response) => {
      asked.push(request.url ?? '')
      response.end('d8:intervali1800e5:peers0:e')
    })
    const url = `http://127.0.0.1:${port}/${KEY}/announce?passkey=short`
    for (const format of ['json', 'text', 'torrust']) {
      const { out, err } = await runLine(['check', url, '--format', format])
      expect(out + err).not.toMatch(new RegExp(`${KEY}|short`))
    }
    expect(asked[0]).toContain(`/${KEY}/announce?passkey=short&info_hash=`)
  })
})

describe('the query of a tracker', () => {
  it('is sent whole, also after a second question mark', async () => {
    const asked: string[] = []
    const port = await httpService((request, response) => {
      asked.push(request.url ?? '')
      response.end('d8:intervali1800e5:peers0:e')
    })
    await runLine(['check', `http://127.0.0.1:${port}/announce?passkey=a?b&c=d?e`])
    expect(asked.length).toBeGreaterThan(0)
    for (const target of asked) expect(target).toMatch(/^\/(?:announce|scrape)\?passkey=a\?b&c=d\?e&info_hash=/)
  })
})

describe('a UDP tracker', () => {
  it('that is silent fails after two attempts', async () => {
    let datagrams = 0
    const port = await udpService(() => {
      datagrams++
      return undefined
    })
    const { exitCode, out } = await runLine(['check', `udp://127.0.0.1:${port}`, '--timeout', '1'])
    expect([exitCode, datagrams]).toEqual([1, 2])
    expect(JSON.parse(out).trackers[0].endpoints[0]).toMatchObject({ verdict: 'failing', rule: 'NT-05' })
  })
})

describe('a magnet link', () => {
  it('with many trackers is checked with its own torrent', async () => {
    const asked: string[] = []
    const port = await httpService((request, response) => {
      asked.push(request.url ?? '')
      response.end('d8:intervali1800e5:peers0:e')
    })
    const url = encodeURIComponent(`http://127.0.0.1:${port}/announce`)
    const link = `magnet:?xt=urn:btih:${'ab'.repeat(20)}${`&tr=${url}`.repeat(100)}`
    await runLine(['check', link])
    expect(asked[0]).toContain(`info_hash=${'%ab'.repeat(20)}`)
  })

  it('that is too long is refused', async () => {
    const link = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&tr=udp%3A%2F%2F127.0.0.1%3A1&dn=${'a'.repeat(131_072)}`
    expect(await runLine(['check', link])).toEqual({
      exitCode: 2,
      out: '',
      err: 'The magnet link is longer than 131072 characters.\n',
    })
  })
})

describe('a file', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, n) => `wss://tracker-${n}.example.org`)

  it('may name the same trackers many times', async () => {
    const files = { 'list.txt': [...Array(11_000).fill('wss://a.example.org'), 'wss://b.example.org'].join('\n') }
    const { out } = await runLine(['check', 'list.txt'], { files })
    expect(JSON.parse(out).summary).toMatchObject({ failing: 2 })
  })

  it('may name 10,000 trackers, and no more', async () => {
    const files = { 'list.txt': lines(10_001).join('\n') }
    expect(await runLine(['check', 'list.txt'], { files })).toEqual({
      exitCode: 1,
      out: '',
      err: 'There are more than 10000 trackers.\n',
    })
  })
})

describe('verdicts', () => {
  it('are unknown where this machine has no route', () => {
    const cause = Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH' })
    const error = new TrackerError('unreachable', 'connect ENETUNREACH', { cause })
    expect(judge({ rule: 'NT-05', violation: 'connect ENETUNREACH', error })).toEqual({
      verdict: 'unknown',
      message: 'this machine cannot reach it (ENETUNREACH)',
    })
  })

  it.each(['EMFILE', 'ENFILE'])('are unknown where this machine has too many open files: %s', (code) => {
    const error = new TrackerError('unreachable', code, { cause: Object.assign(new Error(code), { code }) })
    for (const rule of ['NT-04', 'NT-05']) {
      expect(judge({ rule, violation: code, error })).toEqual({
        verdict: 'unknown',
        message: `this machine has too many open files (${code})`,
      })
    }
  })

  it('of a tracker are the worst of its endpoints', () => {
    expect(worstVerdict(['ok', 'unknown'])).toBe('ok')
    expect(worstVerdict(['ok', 'rejected'])).toBe('rejected')
    expect(worstVerdict(['failing', 'ok', 'rejected'])).toBe('failing')
    expect(worstVerdict([])).toBe('unknown')
  })
})

describe('the command line', () => {
  it.each([
    [['check'], {}],
    [['check', 'udp://127.0.0.1:1', '--timeout', '0'], {}],
    [['check', 'udp://127.0.0.1:1', '--timeout', '99999'], {}],
    [['check', 'udp://127.0.0.1:1', '--info-hash', 'x'], {}],
    [['check', 'empty.txt'], { 'empty.txt': '# nothing\n' }],
    [['check', 'magnet:?xt=urn:btih:abc'], {}],
  ])('makes no sense as %j', async (words, files) => {
    const { exitCode, out } = await runLine(words, { files })
    expect([exitCode, out]).toEqual([2, ''])
  })

  it('names a file that is not there', async () => {
    expect(await runLine(['check', 'none.txt'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'none.txt cannot be read (ENOENT).\n',
    })
  })
})

describe('a key in the name of a host', () => {
  it.each(['json', 'torrust'])('is not in what is said of a host that does not exist, as %s', async (format) => {
    const { out, err } = await runLine(['check', `udp://${KEY}.invalid:1`, '--timeout', '1', '--format', format])
    expect(out).toContain('[masked].invalid')
    expect((out + err).toLowerCase()).not.toContain(KEY.toLowerCase())
  })
})

describe('a shown URL', () => {
  it.each([
    [`http://a.example/${KEY}/announce`, 'http://a.example/[masked]/announce'],
    ['http://a.example/announce?passkey=abc&x=', 'http://a.example/announce?passkey=[masked]&x=[masked]'],
    ['udp://a-very-long-name-of-a-tracker.example:6969', 'udp://a-very-long-name-of-a-tracker.example:6969'],
    ['udp://a.example:1/announce', 'udp://a.example:1/announce'],
    [`https://user:secret@a.example/${KEY}`, 'https://[masked]@a.example/[masked]'],
    [`a.example/${KEY}?key=secret`, 'a.example/[masked]?key=[masked]'],
    [`http://a.example/announce.php?${KEY}`, 'http://a.example/announce.php?[masked]'],
    [`http://a.example/announce?${KEY}=1&&b`, 'http://a.example/announce?[masked]=[masked]&&[masked]'],
    ['http://a.example/announce?a=b?c=d&e', 'http://a.example/announce?a=[masked]&[masked]'],
    [`https://${KEY}.a.example:443/announce`, 'https://[masked].a.example:443/announce'],
    [`udp://t.${KEY.slice(0, 20)}.a.example:6969`, 'udp://t.[masked].a.example:6969'],
    ['http://a.example/k3y/announce', 'http://a.example/[masked]/announce'],
    ['http://a.example/secret/tracker.php/announce', 'http://a.example/[masked]/tracker.php/announce'],
    ['http://a.example/01234567.89abcdef/announce', 'http://a.example/[masked]/announce'],
    ['http://a.example/0123%34567%389abcd/announce', 'http://a.example/[masked]/announce'],
    ['http://a.example/announce/01234567', 'http://a.example/announce/[masked]'],
    ['http://a.example/announce;key', 'http://a.example/[masked]'],
    [`http://a.example/announce#${KEY}`, 'http://a.example/announce#[masked]'],
    [`user:${KEY}@a.example/announce`, '[masked]@a.example/announce'],
    ['http://a.example/api/health_check', 'http://a.example/api/health_check'],
    ['udp://[2001:db8:1234:5678:9abc:def0:1234:5678]:6969', 'udp://[2001:db8:1234:5678:9abc:def0:1234:5678]:6969'],
    ['http://xn--80aaajbd3a5b2c0123.example/announce', 'http://xn--80aaajbd3a5b2c0123.example/announce'],
    ['http://ec2-203-0-113-25.compute-1.example/', 'http://ec2-203-0-113-25.compute-1.example/'],
    [`http:\\\\a.example\\key\\announce`, 'http:\\\\[masked]\\[masked]\\announce'],
    [KEY, '[masked]'],
  ])('of %s is %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown)
  })
})
