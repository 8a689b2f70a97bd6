// All listeners of a running tracker, over real sockets: the process stays alive and small, an address that has proven
// nothing gets at most one datagram, never longer than its own (SEC-01), and no failure repeats what was sent (SEC-24).
// The first byte chooses listener and connection id.

import { readFileSync } from 'node:fs'
import { API_TOKEN, aDocument } from '../../e2e/documents.ts'
import { dial } from '../../e2e/http-client.ts'
import { TrackerProcess } from '../../e2e/tracker-process.ts'
import { UdpClient } from '../../e2e/udp-client.ts'
import { announceTarget } from '../../fixtures/announce-targets.ts'
import { ANNOUNCE, ANNOUNCE_WITH_URL, aScrape, CONNECT_REQUEST, REPLIES } from '../../fixtures/udp-vectors.ts'
import { type FuzzTarget, hold, withControls } from '../target.ts'

const MARK = '<script>Zx9'
const HASH = Buffer.from('040b6b563f5c7214a6b798ad43c3c92e402400b9', 'hex')
const PAGE_BYTES = 4096
const MIB = 2 ** 20
/** The heaps of six threads, and a swarm budget of 64 MiB. */
const MAX_RESIDENT_BYTES = 768 * MIB
/** By then heaps and pools have their size. */
const WARM_INPUTS = 100_000
const MAX_GROWTH_BYTES = 64 * MIB

function request(target: string, ...lines: readonly string[]): Uint8Array {
  return new Uint8Array(
    Buffer.from([`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...lines, '', ''].join('\r\n'), 'latin1'),
  )
}

const DATAGRAMS = [CONNECT_REQUEST, ANNOUNCE, ANNOUNCE_WITH_URL, aScrape(), ...REPLIES].map((hex) =>
  Buffer.from(hex, 'hex'),
)
const REQUESTS = [
  request(announceTarget(HASH)),
  request(announceTarget(HASH, { event: MARK, [MARK]: '1', port: MARK }), `User-Agent: ${MARK}`),
  request(`/${MARK}/announce?info_hash=${MARK}`, `X-Forwarded-For: ${MARK}`),
  request(`/scrape?info_hash=${MARK}`),
  request('/api/v2/whitelist', `Authorization: Bearer ${API_TOKEN}`, `Accept: ${MARK}`),
  request(`/api/v1/whitelist/${MARK}?token=${MARK}`),
  request('/api/v2/keys', `Authorization: Bearer ${API_TOKEN}`).map((byte, at) => 'POST'.charCodeAt(at) || byte),
  request('/readyz', 'Transfer-Encoding: chunked', `Content-Length: ${MARK}`),
]

async function answerOf(url: string, bytes: Uint8Array): Promise<string> {
  const socket = await dial(url)
  const chunks: Buffer[] = []
  const closed = new Promise<void>((done) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A reset is one way to close.
    socket.on('error', () => undefined)
    socket.on('end', () => socket.destroy())
    socket.on('close', () => done())
  })
  socket.end(bytes)
  await closed
  return Buffer.concat(chunks).toString('latin1')
}

export async function openListeners(): Promise<FuzzTarget> {
  const database = 'driver = "sqlite3"\npath = "tracker.db"'
  const tracker = await TrackerProcess.start(
    aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], hasApi: true, isListed: false, database }),
  )
  const health = tracker.log.flatMap(({ msg, target }) =>
    target === 'HEALTH CHECK API' ? (/^Started on: (\S+?:\d+)/.exec(msg)?.slice(1) ?? []) : [],
  )
  const urls = [tracker.http[0], tracker.api, health[0]] as const
  const udp = await UdpClient.open(tracker.udp[0] ?? '')
  const id = await udp.connectionId()
  let inputs = 0
  let warmBytes = 0
  // `statm` counts pages; the second figure is what is resident.
  const residentBytes = (): number =>
    process.platform === 'linux'
      ? PAGE_BYTES * Number(readFileSync(`/proc/${tracker.pid}/statm`, 'latin1').split(' ')[1])
      : 0

  const checkDatagram = async (datagram: Buffer, isProven: boolean): Promise<void> => {
    if (isProven && datagram.length >= 8) id.copy(datagram)
    const answers = await udp.exchange(datagram)
    hold(answers.length <= 1, 'a datagram has one answer at most')
    const [answer] = answers
    if (answer === undefined) return
    hold(
      answer.toString('hex', 4, 8) === datagram.toString('hex', 12, 16),
      'an answer has the transaction of its request',
    )
    if (!isProven) hold(answer.length <= datagram.length, 'no answer is longer than its request before proof (SEC-01)')
  }

  const checkRequest = async (url: string, bytes: Uint8Array): Promise<void> => {
    const answer = await answerOf(url, bytes)
    hold(answer === '' || answer.startsWith('HTTP/1.1 '), 'an answer is HTTP')
    hold(!/^HTTP\/1\.1 500/m.test(answer) || url === tracker.api, 'no request is an internal error')
    const isFailure = !answer.startsWith('HTTP/1.1 200') || answer.includes('failure reason')
    // API v1 answers as Torrust does, which repeats what it rejects.
    const isV1 = Buffer.from(bytes).includes('/v1/')
    if (isFailure && !isV1) hold(!answer.includes(MARK), 'no failure repeats what was sent (SEC-24)')
  }

  const check = async (input: Uint8Array): Promise<void> => {
    const control = input[0] ?? 0
    const rest = Buffer.from(input.subarray(1))
    const url = urls[(control >> 1) & 3]
    if (url === undefined) await checkDatagram(rest, (control & 1) === 1)
    else await checkRequest(url, rest)
    hold(tracker.isRunning, `the tracker is alive: ${tracker.errors}`)
    if (++inputs === WARM_INPUTS) warmBytes = residentBytes()
  }

  const close = async (): Promise<void> => {
    const resident = residentBytes()
    const grown = inputs > WARM_INPUTS ? resident - warmBytes : 0
    udp.close()
    const { code } = await tracker.stop()
    hold(code === 0, `the tracker stops in order: ${tracker.errors}`)
    hold(!tracker.lines.some((line) => line.includes('"level":"ERROR"')), 'nothing is logged as an error')
    hold(resident < MAX_RESIDENT_BYTES, `memory is bounded: ${Math.round(resident / MIB)} MiB`)
    hold(grown < MAX_GROWTH_BYTES, `memory stays flat: ${Math.round(grown / MIB)} MiB more than when warm`)
  }

  return {
    seeds: [
      ...DATAGRAMS.flatMap((datagram) => [6, 7].map((control) => withControls([control], datagram))),
      ...REQUESTS.flatMap((bytes) => [0, 2, 4].map((control) => withControls([control], bytes))),
    ],
    dictionary: [
      ...['\r\n', '\r\n\r\n', ' HTTP/1.0', ' HTTP/1.1', 'POST', 'HEAD', 'CONNECT', 'Host: ', 'Content-Length: 5', '\0'],
      ...[
        'Connection: close',
        'Expect: 100-continue',
        'Upgrade: x',
        MARK,
        '/announce',
        '%00',
        '&',
        '?',
        ': ',
        '*',
        '//',
      ],
    ],
    maxBytes: 4096,
    check,
    close,
  }
}
