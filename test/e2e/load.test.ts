// `muster load` as a process against running trackers: Muster, and the server of the npm package bittorrent-tracker.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Server } from 'bittorrent-tracker'
import type { LoadReport } from '../../src/adapters/load/load-report.ts'
import { aDocument } from './documents.ts'
import { managementOf } from './management-client.ts'
import { ROOT, TrackerProcess } from './tracker-process.ts'

const SMALL = ['--torrents', '200', '--peers', '600', '--warm-up', '0', '--duration', '0.5', '--rate', '2000']

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function muster(...words: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [join(ROOT, 'src/config/main.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const outcome = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    outcome.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    outcome.err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...outcome }
}

async function load(...words: readonly string[]): Promise<LoadReport> {
  const { code, out, err } = await muster('load', ...words, '--format', 'json')
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`)
  return JSON.parse(out)
}

describe('muster load', () => {
  it('fills a tracker over UDP with every peer once, on both families, as the tracker itself counts', async () => {
    await using tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0', '[::1]:0'], hasApi: true }))
    const report = await load('udp', ...tracker.udp, '--fill', '--threads', '2', ...SMALL, '--mix', 'real')
    const { seeders, leechers } = await managementOf(tracker).call('getStatistics')
    expect(seeders + leechers).toBe(600)
    expect(report.fill).toMatchObject({ peers: 600, confirmed: 600, counted: 600, isComplete: true })
    expect(report).toMatchObject({ failures: 0, malformed: 0, lost: 0 })
    // The clocks of the threads differ a little.
    expect(Math.abs(report.requests - 1000)).toBeLessThan(100)
    expect(report.kinds.connect.replies).toBeGreaterThan(100)
    expect(report.kinds.scrape.replies).toBeGreaterThan(3)
    await tracker.stop()
  })

  it('fills a tracker over HTTP, on kept and on fresh connections', async () => {
    await using tracker = await TrackerProcess.start(aDocument({ http: ['127.0.0.1:0'], hasApi: true }))
    const [url] = tracker.http
    const shape = [...SMALL, '--rate', '500', '--connections', '8']
    const kept = await load('http', url, '--fill', ...shape)
    expect(kept).toMatchObject({ fill: { isComplete: true }, failures: 0, lost: 0, connections: { broken: 0 } })
    const { seeders, leechers } = await managementOf(tracker).call('getStatistics')
    expect(seeders + leechers).toBe(600)
    const unusual = ['--fresh', '--slow-heads', '2', '--hostile', 'garbage=0.1', '--lifecycle']
    const fresh = await load('http', url, ...unusual, ...shape)
    expect(fresh).toMatchObject({ failures: 0, lost: 0, connections: { broken: 0 } })
    expect(fresh.connections.opened).toBeGreaterThanOrEqual(fresh.requests)
    await tracker.stop()
  })

  it('works against the server of bittorrent-tracker', async () => {
    const server = new Server({ ws: false, stats: false })
    server.listen(0, { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' })
    await once(server, 'listening')
    const mixed = ['--mix', '20:0:1', ...SMALL]
    try {
      const udp = await load('udp', `udp://127.0.0.1:${server.udp.address().port}`, '--fill', ...mixed)
      expect(udp).toMatchObject({ fill: { isComplete: true }, failures: 0, malformed: 0 })
      const url = `http://127.0.0.1:${server.http.address()?.port}/announce`
      const http = await load('http', url, '--fill', '--seed', '2', '--connections', '4', ...mixed, '--rate', '200')
      expect(http).toMatchObject({ fill: { isComplete: true }, failures: 0, malformed: 0 })
      expect(http.peersPerAnnounce).toBeGreaterThan(0)
    } finally {
      await new Promise<void>((done) => server.close(done))
    }
  })

  it('writes its report to files, without the key of the URL', async () => {
    await using tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0'] }))
    const folder = mkdtempSync(join(tmpdir(), 'muster-load-'))
    try {
      const [json, html] = ['load.json', 'load.html'].map((name) => join(folder, name))
      const url = `${tracker.udp[0]}/thekeyofaprivatetracker/announce`
      const { code, out, err } = await muster('load', 'udp', url, ...SMALL, '--json', json, '--html', html)
      expect(code).toBe(0)
      expect(out).toContain('Latency\tReplies')
      expect(err).toBe('load: connecting\nload: measuring\n')
      const written = [json, html].map((file) => readFileSync(file, 'utf8'))
      expect(JSON.parse(written[0]).lost).toBe(0)
      expect(written[1]).toContain('<svg')
      expect([out, err, ...written].join()).not.toContain('thekeyofaprivatetracker')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    await tracker.stop()
  })

  it('prints the info hashes of its torrents', async () => {
    const { out } = await muster('load', 'hashes', '--torrents', '1500')
    const hashes = out.trimEnd().split('\n')
    expect(new Set(hashes).size).toBe(1500)
    expect(hashes.every((hash) => /^[0-9a-f]{40}$/.test(hash))).toBe(true)
  })

  it('ends with 1 and a sentence if nothing listens', async () => {
    const { code, err } = await muster('load', 'udp', 'udp://127.0.0.1:9', '--sockets', '2', ...SMALL)
    expect(code).toBe(1)
    expect(err).toContain('The tracker has not answered for 5 seconds: nothing listens on the port.')
  })

  it('sends nothing to a machine that is not this one', async () => {
    const { code, err } = await muster('load', 'udp', 'udp://192.0.2.1:6969')
    expect(code).toBe(1)
    expect(err).toContain('192.0.2.1 is not on this machine.')
    const wrong = await muster('load', 'udp', 'udp://127.0.0.1:1', '--mix', 'nonsense')
    expect(wrong.code).toBe(2)
    expect(wrong.err).toContain('It must be published, aquatic, real')
  })
})
