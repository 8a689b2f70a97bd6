// Following one client in the log of a running tracker: over both protocols, both UDP drivers, and the command line.

import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { announceDatagram } from '../fixtures/udp-datagrams.ts'
import { API_TOKEN, aDocument, DRIVERS } from './documents.ts'
import { listen } from './http-client.ts'
import { managementOf } from './management-client.ts'
import { ready } from './tidy.ts'
import { ROOT, type TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const TRACED = '127.0.0.2'
const OTHER = '127.0.0.3'
const PARTS = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], hasApi: true }

type TraceLine = { readonly msg: string; readonly client?: string; readonly infoHash?: string } & Record<
  string,
  unknown
>

function traceLines(tracker: TrackerProcess): TraceLine[] {
  const lines: (TraceLine & { readonly target?: string })[] = tracker.log.map((line) => ({ ...line }))
  return lines.filter(({ target }) => target === 'CLIENT TRACE')
}

function requests(tracker: TrackerProcess): TraceLine[] {
  return traceLines(tracker).filter(({ client }) => client !== undefined)
}

function ended(tracker: TrackerProcess, address = TRACED): Promise<string> {
  return tracker.printed((line) => line.includes(`the trace of ${address} has ended`))
}

/** Announces over UDP: a connect and an announce. */
async function announceByUdp(tracker: TrackerProcess, from: string, infoHash: Uint8Array): Promise<void> {
  const client = await UdpClient.open(tracker.udp[0] ?? '', from)
  const id = await client.connectionId()
  await client.ask(announceDatagram(id, { infoHash, numwant: 7 }))
  client.close()
}

async function announceByHttp(tracker: TrackerProcess, from: string, infoHash: Uint8Array, more = ''): Promise<void> {
  const { hostname, port } = new URL(tracker.http[0] ?? '')
  const socket = connect({ host: hostname, port: Number(port), localAddress: from })
  await once(socket, 'connect')
  const hash = [...infoHash].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  socket.write(`GET /announce?info_hash=${hash}&peer_id=${'p'.repeat(20)}&port=6881${more} HTTP/1.1\r\nHost: t\r\n\r\n`)
  await listen(socket, 1)
  socket.destroy()
}

/** Every announce of one client is logged before the next one is sent. */
async function logged(tracker: TrackerProcess, infoHash: Buffer): Promise<void> {
  await tracker.printed((line) => line.includes('CLIENT TRACE') && line.includes(infoHash.toString('hex')))
}

function runMuster(tracker: TrackerProcess, ...args: readonly string[]) {
  const env = { ...process.env, MUSTER_API_URL: tracker.api, MUSTER_API_TOKEN: API_TOKEN }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'src/config/main.ts'), ...args], { env })
  return { status, out: String(stdout), err: String(stderr) }
}

describe('a client trace', () => {
  it.each(DRIVERS)('follows one client over UDP (%s) and HTTP, and no other', async (driver) => {
    const tracker = await ready(aDocument({ ...PARTS, driver }))
    await announceByUdp(tracker, TRACED, anInfoHash())
    await announceByHttp(tracker, TRACED, anInfoHash())
    await managementOf(tracker).call('startTrace', { body: { address: TRACED } })
    const [byUdp, byHttp] = [anInfoHash(), anInfoHash()]
    await announceByUdp(tracker, OTHER, anInfoHash())
    await announceByUdp(tracker, TRACED, byUdp)
    await logged(tracker, byUdp)
    await announceByHttp(tracker, OTHER, anInfoHash())
    await announceByHttp(tracker, TRACED, byHttp, `&numwant=3&event=started&passkey=${'k'.repeat(32)}`)
    await logged(tracker, byHttp)
    const lines = requests(tracker)
    expect(lines.filter(({ msg }) => msg === 'announce answered')).toMatchObject([
      {
        level: 'INFO',
        listener: tracker.udp[0],
        client: expect.stringMatching(/^127\.0\.0\.2:\d+$/),
        infoHash: byUdp.toString('hex'),
        event: 'started',
        port: 51413,
        numwant: 7,
        seeders: 0,
        leechers: 1,
        peers: 0,
      },
      { listener: tracker.http[0], infoHash: byHttp.toString('hex'), event: 'started', port: 6881, numwant: 3 },
    ])
    expect(lines.filter(({ client }) => !client?.startsWith(`${TRACED}:`))).toEqual([])
    expect(tracker.lines.join('\n')).not.toContain('kkkk')

    await managementOf(tracker).call('stopTrace')
    await ended(tracker)
    await announceByUdp(tracker, TRACED, anInfoHash())
    await announceByHttp(tracker, TRACED, anInfoHash())
    await tracker.stop()
    expect(requests(tracker)).toHaveLength(lines.length)
  })

  it('ends by itself with its last line', async () => {
    const tracker = await ready(aDocument(PARTS))
    await managementOf(tracker).call('startTrace', { body: { address: TRACED, max_lines: 3 } })
    for (let i = 0; i < 5; i++) await announceByHttp(tracker, TRACED, anInfoHash())
    expect(JSON.parse(await ended(tracker))).toMatchObject({
      msg: `the trace of ${TRACED} has ended: it has all its lines`,
      lines: 3,
      droppedLines: 0,
    })
    expect(requests(tracker)).toHaveLength(3)
    await expect(managementOf(tracker).call('getTrace')).rejects.toMatchObject({ problem: { code: 'not-there' } })
  })

  it('ends by itself when its time is up', async () => {
    const tracker = await ready(aDocument(PARTS))
    await managementOf(tracker).call('startTrace', { body: { address: TRACED, seconds: 1 } })
    expect(JSON.parse(await ended(tracker)).msg).toBe(`the trace of ${TRACED} has ended: its time is up`)
    await announceByHttp(tracker, TRACED, anInfoHash())
    await announceByUdp(tracker, TRACED, anInfoHash())
    await tracker.stop()
    expect(requests(tracker)).toEqual([])
  })

  it('drops what is too much for a second, and says how much', async () => {
    const tracker = await ready(aDocument(PARTS))
    const requested = 400
    await managementOf(tracker).call('startTrace', { body: { address: TRACED } })
    const client = await UdpClient.open(tracker.udp[0] ?? '', TRACED)
    const id = await client.connectionId()
    // One after the other: so many answers at once would not fit into the client's receive buffer.
    for (let i = 0; i < requested; i++) await client.ask(announceDatagram(id, { infoHash: anInfoHash() }))
    client.close()
    await managementOf(tracker).call('stopTrace')
    const { lines, droppedLines } = JSON.parse(await ended(tracker))
    // Each second has 100 lines.
    expect(droppedLines).toBeGreaterThan(0)
    expect(lines + droppedLines).toBeGreaterThanOrEqual(requested)
    expect(requests(tracker)).toHaveLength(lines)
  })

  it('is started and stopped from the command line, at any log level', async () => {
    const document = aDocument(PARTS).replace(
      'trace_filter = "trace"',
      'trace_filter = "error,udp=info,http=info,api=info,core=info"',
    )
    const tracker = await ready(document)
    expect(runMuster(tracker, 'trace', TRACED, '--for', '1h', '--lines', '50')).toMatchObject({ status: 0, err: '' })
    expect(JSON.parse(runMuster(tracker, 'trace', '--json').out)).toMatchObject({ address: TRACED, max_lines: 50 })
    const infoHash = anInfoHash()
    await announceByHttp(tracker, TRACED, infoHash)
    await logged(tracker, infoHash)
    expect(runMuster(tracker, 'trace', '--stop')).toEqual({ status: 0, out: 'the trace has ended\n', err: '' })
    await ended(tracker)
    expect(runMuster(tracker, 'trace')).toEqual({ status: 1, out: '', err: 'No client is being traced.\n' })
  })

  it('ends with the tracker', async () => {
    const tracker = await ready(aDocument(PARTS))
    await managementOf(tracker).call('startTrace', { body: { address: '2001:db8::/64' } })
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    expect(traceLines(tracker).at(-1)?.msg).toBe('the trace of 2001:db8::/64 has ended: the tracker stops')
  })
})
