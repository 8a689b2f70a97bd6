import { afterEach, describe, expect, it } from '@jest/globals'
import { closeServices, freePort } from '../../../fixtures/answering-services.ts'
import { OTHER_INFO_HASH, REPLY } from '../../../fixtures/http-vectors.ts'
import { smallHttpTracker, smallUdpTracker } from '../../../fixtures/small-trackers.ts'
import { runLine } from '../a-command-line.ts'

afterEach(closeServices)

const HASH = OTHER_INFO_HASH.hex
const PEERS = Buffer.from('7b7b7b7bc859', 'hex')
const TRANSACTION = -888840697

function run(...words: readonly string[]) {
  return runLine(['tracker-client', ...words])
}

function failure(message: string) {
  return `${JSON.stringify({ error: { kind: 'runtime_failure', source: 'runtime', message } })}\n`
}

describe('tracker-client udp', () => {
  it('announces with the defaults of Torrust', async () => {
    const { port, asked } = await smallUdpTracker({ peers: PEERS })
    expect(await run('udp', 'announce', `127.0.0.1:${port}`, HASH)).toEqual({
      exitCode: 0,
      out: `{"AnnounceIpv4":{"transaction_id":${TRANSACTION},"announce_interval":1800,"leechers":1,"seeders":2,"peers":["123.123.123.123:51289"]}}\n`,
      err: '',
    })
    const [request] = asked as Buffer[]
    expect(request.readInt32BE(12)).toBe(TRANSACTION)
    expect(request.subarray(36, 56).toString()).toBe('-RC3000-000000000001')
    // Downloaded, left, uploaded; event, address, key, peers wanted.
    expect(request.subarray(56, 96).toString('hex')).toBe(`${'00'.repeat(24)}${'00000002'}${'00'.repeat(8)}00000001`)
    expect(request.length).toBe(98)
  })

  it('announces with all options', async () => {
    const { url, asked } = await smallUdpTracker()
    const options = '--event completed --uploaded 1234 --downloaded 5678 --left 0 --port 6881 --ip-address 10.0.0.1'
    const more = '--peer-id=-RC00000000000000001 --key 42 --peers-wanted 50 --format text'
    const { out } = await run('udp', 'announce', `${url}/announce`, HASH, ...`${options} ${more}`.split(' '))
    const [request] = asked as Buffer[]
    expect(request.subarray(36, 98).toString('hex')).toBe(
      `${Buffer.from('-RC00000000000000001').toString('hex')}000000000000162e000000000000000000000000000004d2` +
        '000000010a0000010000002a00000032' +
        '1ae1',
    )
    expect(out).toContain('{\n  "AnnounceIpv4": {\n    "transaction_id": -888840697,')
  })

  it('announces over IPv6', async () => {
    const { url } = await smallUdpTracker({ host: '::1', peers: Buffer.from(`${'00'.repeat(15)}01c859`, 'hex') })
    const { out } = await run('udp', 'announce', url, HASH)
    expect(JSON.parse(out)).toMatchObject({ AnnounceIpv6: { peers: ['[::1]:51289'] } })
  })

  it('scrapes, and warns when the tracker answers for fewer torrents', async () => {
    const { url } = await smallUdpTracker({ maxRows: 2 })
    const hashes = ['11', '22', '33'].map((byte) => byte.repeat(20))
    expect(await run('udp', 'scrape', url, ...hashes.slice(0, 1))).toEqual({
      exitCode: 0,
      out: `{"Scrape":{"transaction_id":${TRANSACTION},"torrent_stats":[{"seeders":1,"completed":5,"leechers":3}]}}\n`,
      err: '',
    })
    const { exitCode, out, err } = await run('udp', 'scrape', url, ...hashes)
    expect([exitCode, JSON.parse(out).Scrape.torrent_stats.length]).toEqual([0, 2])
    expect(JSON.parse(err).warning).toMatchObject({ kind: 'scrape_response_truncated', requested: 3, returned: 2 })
  })

  it('prints an error of the tracker as a result, unless it refuses a connection id', async () => {
    const { url } = await smallUdpTracker({ refuses: 'requests' })
    expect(await run('udp', 'announce', url, HASH)).toEqual({
      exitCode: 0,
      out: `${JSON.stringify({ Error: { transaction_id: TRANSACTION, message: 'not\u001b[2J here' } })}\n`,
      err: '',
    })
    const closed = await smallUdpTracker({ refuses: 'all' })
    expect(await run('udp', 'scrape', closed.url, HASH)).toMatchObject({ exitCode: 1, out: '' })
  })

  it('fails with code 1, and with code 2 where the command line makes no sense', async () => {
    const port = await freePort()
    expect(await run('udp', 'announce', `127.0.0.1:${port}`, HASH)).toEqual({
      exitCode: 1,
      out: '',
      err: failure('recvmsg ECONNREFUSED'),
    })
    for (const words of [
      ['announce', '127.0.0.1', HASH],
      ['announce', '127.0.0.1:1', 'xyz'],
      ['announce', '127.0.0.1:1', HASH, '--port', '0'],
      ['announce', '127.0.0.1:1', HASH, '--peer-id', 'short'],
      ['scrape', '127.0.0.1:1'],
    ]) {
      expect(await run('udp', ...words)).toMatchObject({ exitCode: 2, out: '' })
    }
    expect(await run('udp', 'scrape', '127.0.0.1:1', ...Array<string>(75).fill(HASH))).toEqual({
      exitCode: 1,
      out: '',
      err: failure('a scrape has 1 to 74 info hashes, not 75'),
    })
  })
})

describe('tracker-client http', () => {
  it('announces with the defaults of Torrust', async () => {
    const { url, asked } = await smallHttpTracker(REPLY.list.toString('latin1'))
    const { exitCode, out, err } = await run('http', 'announce', url, HASH)
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(/^\{"complete":1,"incomplete":1,"interval":1800,"min interval":300,"peers":\[\{"ip":"198/)
    expect(JSON.parse(out).peers[0]).toEqual({
      ip: '198.51.100.10',
      'peer id': [...Buffer.from('-TR4100-0123456789ab')],
      port: 6881,
    })
    expect(asked[0]).toMatch(
      /^\/announce\?info_hash=.*&peer_id=-RC3000-000000000001&port=17548&uploaded=0&downloaded=0&left=0&compact=0&event=started&/,
    )
  })

  it('announces with all options, and prints compact peers as bytes', async () => {
    const { url, asked } = await smallHttpTracker(REPLY.bothFamilies.toString('latin1'))
    const options = '--event completed --uploaded 1234 --downloaded 5678 --left 0 --port 6881 --peer-addr 10.0.0.1'
    const { out } = await run('http', 'announce', `${url}/scrape`, HASH, ...`${options} --compact 1`.split(' '))
    expect(asked[0]).toMatch(
      /^\/announce\?.*&port=6881&uploaded=1234&downloaded=5678&left=0&compact=1&event=completed&.*&ip=10.0.0.1$/,
    )
    const { peers, peers6 } = JSON.parse(out)
    expect(peers).toEqual([198, 51, 100, 10, 26, 225])
    expect(peers6).toEqual([...Buffer.from('20010db800000000000000000000000a1ae1', 'hex')])
  })

  it('scrapes', async () => {
    const { url } = await smallHttpTracker('', REPLY.scrape.toString('latin1'))
    expect(await run('http', 'scrape', url, HASH, HASH)).toEqual({
      exitCode: 0,
      out: `{"${HASH}":{"complete":21,"downloaded":206,"incomplete":20}}\n`,
      err: '',
    })
    const { err } = await run('http', 'scrape', url, HASH, '11'.repeat(20))
    expect(JSON.parse(err).warning).toMatchObject({ requested: 2, returned: 1 })
  })

  it('prints a refusal as it came, and fails', async () => {
    const { url } = await smallHttpTracker(REPLY.failure.toString('latin1'))
    expect(await run('http', 'announce', url, HASH)).toEqual({
      exitCode: 1,
      out: '{"failure reason":"invalid info_hash"}\n',
      err: failure('unrecognized response from tracker'),
    })
  })

  it.each([
    ['http://127.0.0.1:1/announce?passkey=k', HASH, 'invalid tracker URL input: include only scheme'],
    ['udp://127.0.0.1:1', HASH, 'an HTTP tracker has a URL that begins with http:// or https://'],
    ['http://127.0.0.1:1', 'xyz', 'infoHash must be 20 bytes or 40 hex digits'],
  ])('fails with code 1 where URL or hash make no sense: %s %s', async (url, hash, message) => {
    const { exitCode, out, err } = await run('http', 'announce', url, hash)
    expect([exitCode, out]).toEqual([1, ''])
    expect(JSON.parse(err).error.message).toContain(message)
  })
})
