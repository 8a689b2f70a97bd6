import { afterEach, describe, expect, it } from '@jest/globals'
import { closeServices, freePort, udpService } from '../../../fixtures/answering-services.ts'
import { OTHER_INFO_HASH, REPLY } from '../../../fixtures/http-vectors.ts'
import { smallHttpTracker, smallUdpTracker } from '../../../fixtures/small-trackers.ts'
import { runLine } from '../a-command-line.ts'

afterEach(closeServices)

const HASH = OTHER_INFO_HASH.hex
const TERMINAL = { isTerminal: true, columns: 100 }

describe('muster announce', () => {
  it('prints JSON to a program', async () => {
    const { url } = await smallUdpTracker({ peers: Buffer.from('7f0000011ae1', 'hex') })
    const { exitCode, out, err } = await runLine(['announce', url, HASH])
    expect([exitCode, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toEqual({
      tracker: url,
      elapsed_ms: expect.any(Number),
      seeders: 2,
      leechers: 1,
      completed: null,
      interval: 1800,
      min_interval: null,
      external_ip: null,
      warning: null,
      peers: [{ address: '127.0.0.1', port: 6881, peer_id: null }],
      deviations: [],
    })
  })

  it('prints tables on a terminal', async () => {
    const { url } = await smallHttpTracker(REPLY.list.toString('latin1'))
    const { exitCode, out } = await runLine(['announce', url, HASH, '--compact', '0'], TERMINAL)
    expect(exitCode).toBe(0)
    expect(out).toMatch(/Interval, seconds +│ 1800 /)
    expect(out).toContain('│ 198.51.100.10:6881  ')
    expect(out).toContain('│ [2001:db8::a]:51413 │ -qB5240-abcdefghijkl │')
  })

  it('prints lines where text is asked for', async () => {
    const { url } = await smallUdpTracker({ peers: Buffer.from('7f0000011ae1', 'hex') })
    const { out } = await runLine(['announce', url, HASH, '--format', 'text'])
    expect(out).toContain('Seeders\t2\nLeechers\t1\n')
    expect(out).toContain('Peer\t127.0.0.1:6881\t-\n')
  })

  it('sends what the options say, and the key in the URL', async () => {
    const { url, asked } = await smallUdpTracker()
    const options = '--event completed --uploaded 1 --downloaded 2 --left 3 --port 4 --numwant 5 --key 6 --ip 192.0.2.7'
    await runLine(['announce', `${url}/KEY/announce`, HASH, ...options.split(' '), '--peer-id', '-XX0001-abcdefghijkl'])
    const [request] = asked as Buffer[]
    expect(request.subarray(16, 98).toString('hex')).toBe(
      `${HASH}${Buffer.from('-XX0001-abcdefghijkl').toString('hex')}` +
        '000000000000000200000000000000030000000000000001' +
        '00000001c00002070000000600000005' +
        '0004',
    )
    expect(request.subarray(100, -1).toString()).toBe('/KEY/announce')
  })

  it('takes magnet links and the hashes of v2 torrents', async () => {
    const { url, asked } = await smallHttpTracker(REPLY.empty.toString('latin1'))
    await runLine(['announce', url, `magnet:?xt=urn:btih:${HASH}&dn=x`])
    await runLine(['announce', url, `${HASH}${'0'.repeat(24)}`])
    const spelling = `info_hash=${OTHER_INFO_HASH.spellings['upper-case escapes']}&`
    expect(asked.map((target) => String(target).includes(spelling))).toEqual([true, true])
  })

  it('fails with the reason of the tracker, which cannot move the cursor', async () => {
    const { url } = await smallUdpTracker({ refuses: 'requests' })
    expect(await runLine(['announce', url, HASH])).toEqual({
      exitCode: 1,
      out: '',
      err: `${url} refuses: not?[2J here\n`,
    })
  })

  it('fails if the tracker is not there, is silent, or is none', async () => {
    const port = await freePort()
    const gone = await runLine(['announce', `http://127.0.0.1:${port}/KEY/announce`, HASH])
    expect(gone).toEqual({
      exitCode: 1,
      out: '',
      err: `http://127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port} (connect).\n`,
    })
    const mute = await udpService(() => undefined)
    expect((await runLine(['announce', `udp://127.0.0.1:${mute}`, HASH, '--timeout', '0.1'])).err).toBe(
      `udp://127.0.0.1:${mute} has not answered within 0.1 seconds (connect).\n`,
    )
    const other = await smallHttpTracker('<html>')
    expect((await runLine(['announce', other.url, HASH])).err).toBe(
      `${other.url} does not answer as a tracker: the answer is not a bencoded dictionary.\n`,
    )
    expect((await runLine(['announce', 'udp://nowhere.invalid:6969', HASH])).err).toMatch(
      /^nowhere\.invalid cannot be resolved: .*\n$/,
    )
  })

  it('notes deviations, and fails on them if it is strict', async () => {
    const { url } = await smallHttpTracker('d5:peers0:e')
    const lenient = await runLine(['announce', url, HASH, '--format', 'text'])
    expect([lenient.exitCode, lenient.err]).toEqual([
      0,
      'The answer deviates from the protocol: there is no interval.\n',
    ])
    expect(await runLine(['announce', url, HASH, '--strict'])).toEqual({
      exitCode: 1,
      out: '',
      err: `${url} does not answer as a tracker: the answer deviates from the protocol: there is no interval.\n`,
    })
  })

  it.each([
    ['ws://127.0.0.1:8000', [], 'Not the URL of a tracker: WebSocket trackers (ws://, wss://) are not supported yet.'],
    ['127.0.0.1:6969', [], 'Not the URL of a tracker: a tracker URL looks like udp://host:port'],
    ['udp://127.0.0.1:1', ['--ip', '::1'], 'The tracker cannot be asked: ip must be an IPv4 address'],
    ['udp://127.0.0.1:1', ['--timeout', '0'], '--timeout must be a number of seconds, such as 15.'],
    ['udp://127.0.0.1:1', ['--port', '0'], 'It must be a port, 1 to 65535.'],
    ['udp://127.0.0.1:1', ['--left', '-1'], 'It must be a number of bytes.'],
    ['udp://127.0.0.1:1', ['--peer-id', 'short'], 'It must have 20 bytes, not 5.'],
    ['udp://127.0.0.1:1', ['--key', '9999999999'], 'It must be a number of 32 bits.'],
    ['udp://127.0.0.1:1', ['--event', 'begun'], 'Allowed choices are started, completed, stopped, paused, none.'],
  ])('is a usage error where it makes no sense: %s %p', async (url, options, sentence) => {
    const { exitCode, out, err } = await runLine(['announce', url, HASH, ...options])
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err).toContain('(run muster announce --help for usage)')
  })

  it('asks only the family that is wanted', async () => {
    const { url, port } = await smallUdpTracker({ host: '::1' })
    const { out } = await runLine(['announce', url, HASH, '--family', '6'])
    expect(JSON.parse(out).tracker).toBe(`udp://[::1]:${port}`)
    expect(await runLine(['announce', url, HASH, '--family', '4'])).toMatchObject({
      exitCode: 1,
      err: '::1 has no IPv4 address.\n',
    })
  })
})

describe('muster scrape', () => {
  it('prints a row for each torrent', async () => {
    const { url } = await smallUdpTracker()
    const hashes = ['11'.repeat(20), '22'.repeat(20)]
    const { out } = await runLine(['scrape', url, ...hashes])
    expect(JSON.parse(out)).toEqual({
      tracker: url,
      elapsed_ms: expect.any(Number),
      torrents: hashes.map((info_hash, index) => ({ info_hash, seeders: index + 1, leechers: 3, completed: 5 })),
      deviations: [],
    })
    expect((await runLine(['scrape', url, ...hashes], TERMINAL)).out).toMatch(/│ 2{40} │ +2 │ +3 │ +5 │/)
    expect((await runLine(['scrape', url, ...hashes, '--format', 'text'])).out).toBe(
      `${hashes[0]}\t1\t3\t5\n${hashes[1]}\t2\t3\t5\n`,
    )
  })

  it('asks for more torrents than a request holds in several', async () => {
    const { url, asked } = await smallUdpTracker()
    const hashes = Array.from({ length: 100 }, (_, index) => index.toString(16).padStart(40, '0'))
    const { out } = await runLine(['scrape', url, ...hashes])
    expect(asked.map(({ length }) => length)).toEqual([16 + 74 * 20, 16 + 26 * 20])
    expect(JSON.parse(out).torrents.map((torrent: { info_hash: string }) => torrent.info_hash)).toEqual(hashes)
    const http = await smallHttpTracker('')
    await runLine(['scrape', http.url, ...hashes])
    expect(http.asked.map((target) => String(target).split('info_hash=').length - 1)).toEqual([64, 36])
  })

  it('does not invent counts that the tracker does not report', async () => {
    const { url } = await smallHttpTracker('', REPLY.scrape.toString('latin1'))
    const { out } = await runLine(['scrape', url, HASH, '11'.repeat(20), '--format', 'text'])
    expect(out).toBe(`${HASH}\t21\t20\t206\n${'11'.repeat(20)}\t-\t-\t-\n`)
  })
})
