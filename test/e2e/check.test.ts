// muster check, and Torrust's checker, over Muster, opentracker and an address where nothing listens.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runLine, type World } from '../adapters/cli/a-command-line.ts'
import { closeServices, freePort, udpService } from '../fixtures/answering-services.ts'
import { aTorrent } from '../fixtures/torrent-files.ts'
import { API_TOKEN, aDocument, SQLITE } from './documents.ts'
import { isOpentrackerInstalled, Opentracker } from './opentracker.ts'
import { ROOT, TrackerProcess } from './tracker-process.ts'

const run = promisify(execFile)
/** That Torrust's checker announces. */
const HASH = '9c38422213e30bff212b30c360d26f9a02136422'
const OK = { Ok: null }

const describeWithOpentracker = isOpentrackerInstalled ? describe : describe.skip
if (!isOpentrackerInstalled) console.warn('SKIPPED: checks of opentracker: apt-get install opentracker')

const itOnLinux = process.platform === 'linux' ? it : it.skip

let muster: TrackerProcess
let dead: number
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-check-'))
  const parts = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], database: SQLITE, hasApi: true }
  muster = await TrackerProcess.start(aDocument({ ...parts, more: '[health_check_api]\nbind_address = "127.0.0.1:0"' }))
  dead = await freePort()
})

afterAll(async () => {
  await muster.stop()
  rmSync(folder, { recursive: true })
})

interface Endpoint {
  readonly address: string
  readonly verdict: string
  readonly rule: string | null
  readonly message: string | null
  readonly latency_ms: number | null
  readonly interval_seconds: number | null
  readonly seeders: number | null
  readonly leechers: number | null
}

interface Report {
  readonly trackers: readonly {
    readonly url: string
    readonly verdict: string
    readonly endpoints: readonly Endpoint[]
  }[]
  readonly summary: Readonly<Record<string, number>>
}

describeWithOpentracker('three trackers', () => {
  let opentracker: Opentracker
  let urls: readonly string[]
  beforeAll(async () => {
    opentracker = await Opentracker.start([HASH])
    urls = [
      muster.udp[0],
      `${muster.http[0]}/announce`,
      `udp://127.0.0.1:${opentracker.port}`,
      `http://127.0.0.1:${opentracker.port}/announce`,
      `udp://127.0.0.1:${dead}`,
      `http://localhost:${dead}/announce`,
    ]
  })
  afterAll(() => opentracker.stop())

  const check = (words: readonly string[], world: World = {}) =>
    runLine(['check', ...urls, '--info-hash', HASH, '-4', '--timeout', '5', ...words], world)

  it('get the right verdicts in JSON', async () => {
    const { exitCode, out, err } = await check([])
    expect([exitCode, err]).toEqual([1, ''])
    const report: Report = JSON.parse(out)
    expect(report.trackers.map(({ url, verdict }) => [url, verdict])).toEqual(
      urls.map((url, index) => [url, index < 4 ? 'ok' : 'failing']),
    )
    for (const { endpoints } of report.trackers.slice(0, 4)) {
      expect(endpoints).toEqual([
        expect.objectContaining({
          address: '127.0.0.1',
          verdict: 'ok',
          rule: null,
          message: null,
          seeders: 0,
          leechers: 0,
        }),
      ])
      expect(endpoints[0].latency_ms).toBeGreaterThan(0)
      expect(endpoints[0].interval_seconds).toBeGreaterThanOrEqual(300)
    }
    const message = 'nothing listens on this port (connection refused)'
    expect(report.trackers.slice(4).flatMap(({ endpoints }) => endpoints)).toEqual([
      expect.objectContaining({ verdict: 'failing', rule: 'NT-05', message, latency_ms: null }),
      expect.objectContaining({ verdict: 'failing', rule: 'NT-04', message, latency_ms: null }),
    ])
    expect(report.summary).toEqual({ ok: 4, rejected: 0, failing: 2, unknown: 0 })
  })

  it('get the right verdicts in a table, with progress on standard error', async () => {
    const { exitCode, out, err } = await check([], { isTerminal: true, columns: 200 })
    expect(exitCode).toBe(1)
    expect(err).toContain('endpoint probed')
    for (const [index, url] of urls.entries()) {
      const row = out.split('\n').find((line) => line.includes(`│ ${url} `))
      expect(row).toMatch(
        index < 4 ? /│ ok +│ [\d.]+ ms +│ +0 │ +0 │/ : /│ failing +│ - .*nothing listens on this port/,
      )
    }
    expect(out).toMatch(/│ Tracker +│ Address +│ Verdict +│ Latency +│ Seeders │ Leechers │ Remark +│/)
    expect(out).toContain('4 ok, 2 failing\n')
  })

  it('get lines in a pipe', async () => {
    const { out } = await check(['--format', 'text'])
    const rows = out.trim().split('\n')
    expect(rows.map((row) => row.split('\t').slice(0, 3))).toEqual(
      urls.map((url, index) => [url, '127.0.0.1', index < 4 ? 'ok' : 'failing']),
    )
  })

  it("get an entry each in Torrust's JSON", async () => {
    const { exitCode, out } = await check(['--format', 'torrust'])
    expect(exitCode).toBe(1)
    const all = (...names: readonly string[]) => names.map((name) => [name, OK])
    const udp = (url: string) => ({
      Udp: { Ok: { remote_addr: url.slice(6), results: all('Setup', 'Connect', 'Announce', 'Scrape') } },
    })
    const http = (url: string) => ({ Http: { Ok: { url, results: all('Announce', 'Scrape') } } })
    const failed = { Err: expect.stringContaining('ECONNREFUSED') }
    expect(JSON.parse(out)).toEqual([
      udp(urls[0]),
      http(urls[1]),
      udp(urls[2]),
      http(urls[3]),
      { Udp: { Err: { remote_addr: urls[4].slice(6), results: [...all('Setup'), ['Connect', failed]] } } },
      {
        Http: {
          Err: {
            url: urls[5],
            results: [
              ['Announce', failed],
              ['Scrape', failed],
            ],
          },
        },
      },
    ])
  })

  it('leave no peer behind', async () => {
    await check(['--format', 'torrust'])
    const { out } = await check([])
    const report: Report = JSON.parse(out)
    expect(report.trackers.slice(0, 4).flatMap(({ endpoints }) => endpoints.map(({ seeders }) => seeders))).toEqual([
      0, 0, 0, 0,
    ])
  })
})

describe('trackers', () => {
  it('are taken from files, magnet links and torrent files, each once', async () => {
    const url = muster.udp[0]
    const files = {
      'list.txt': `# ours\n${url}\n\nwss://tracker.example.org\n`,
      'a.torrent': aTorrent('v1', [url, `${muster.http[0]}/announce`]),
    }
    const magnet = `magnet:?xt=urn:btih:${HASH}&tr=${encodeURIComponent(url)}&tr=udp%3A%2F%2F127.0.0.1`
    const { exitCode, out } = await runLine(['check', 'list.txt', 'a.torrent', magnet], { files })
    expect(exitCode).toBe(1)
    expect(JSON.parse(out).trackers).toEqual([
      expect.objectContaining({ url, verdict: 'ok' }),
      expect.objectContaining({
        url: 'wss://tracker.example.org',
        verdict: 'failing',
        message: 'WebSocket trackers (ws://, wss://) are not supported yet',
      }),
      expect.objectContaining({ url: `${muster.http[0]}/announce`, verdict: 'ok' }),
      expect.objectContaining({
        url: 'udp://127.0.0.1',
        verdict: 'failing',
        message: expect.stringContaining('needs a port'),
      }),
    ])
  })

  it('are asked for the torrents of files', async () => {
    const files = { 'a.torrent': aTorrent('hybrid') }
    const { out } = await runLine(['scrape', muster.udp[0], 'a.torrent'], { files })
    expect(JSON.parse(out).torrents).toHaveLength(2)
    const announced = await runLine(['announce', muster.udp[0], 'a.torrent', '--event', 'stopped'], { files })
    expect(announced.exitCode).toBe(0)
    expect(await runLine(['announce', muster.udp[0], 'none.torrent'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'none.torrent cannot be read (ENOENT).\n',
    })
  })

  itOnLinux('are looked up by many threads', async () => {
    const asked = Promise.withResolvers<void>()
    const port = await udpService(() => void asked.resolve())
    const words = ['check', `udp://localhost:${port}`, '-4', '--timeout', '30']
    const { UV_THREADPOOL_SIZE: _, ...env } = process.env
    const checking = spawn(process.execPath, [join(ROOT, 'src/config/main.ts'), ...words], { env, stdio: 'ignore' })
    try {
      await asked.promise
      expect(readdirSync(`/proc/${checking.pid}/task`).length).toBeGreaterThan(32)
    } finally {
      const ended = once(checking, 'exit')
      checking.kill()
      await ended
      await closeServices()
    }
  })

  it('are checked by a process with an exit code, from folders that are really there', async () => {
    const main = join(ROOT, 'src/config/main.ts')
    const env = { ...process.env, MUSTER_API_TOKEN: API_TOKEN, MUSTER_API_URL: muster.api }
    const { stdout } = await run(process.execPath, [main, 'check', muster.udp[0], muster.http[0], '-4'], { env })
    expect(JSON.parse(stdout).summary).toEqual({ ok: 2, rejected: 0, failing: 0, unknown: 0 })
    await expect(run(process.execPath, [main, 'check', `udp://127.0.0.1:${dead}`])).rejects.toMatchObject({ code: 1 })
    await expect(run(process.execPath, [main, 'check'])).rejects.toMatchObject({ code: 2 })

    mkdirSync(join(folder, 'more'))
    writeFileSync(join(folder, 'one.torrent'), aTorrent('v1'))
    writeFileSync(join(folder, 'more/two.torrent'), aTorrent('hybrid'))
    writeFileSync(join(folder, 'more/notes.txt'), 'no torrent')
    const imported = await run(process.execPath, [main, 'import', 'torrents', folder, '--to', 'whitelist'], { env })
    expect(imported.stdout).toBe('whitelist: 3 torrents added, 0 already there\n')
  })
})

describe('muster monitor', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends at %s with its summary and exit code 0', async (signal) => {
    const words = [join(ROOT, 'src/config/main.ts'), 'monitor', muster.udp[0], '--interval', '1h', '-4']
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'close')
    const lines: { readonly event: string; readonly status?: string }[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(JSON.parse(line))
      if (lines.length === 1) child.kill(signal)
    }
    expect((await ended)[0]).toBe(0)
    expect(lines).toMatchObject([
      { event: 'probe', url: muster.udp[0], status: 'ok' },
      { event: 'summary', endpoints: [{ status: 'ok', probes: { ok: 1 } }] },
    ])
  })
})

describe("Torrust's checker", () => {
  const config = () =>
    JSON.stringify({
      udp_trackers: [muster.udp[0].slice(6), `udp://127.0.0.1:${dead}`],
      http_trackers: [muster.http[0]],
      health_checks: [muster.health, `http://127.0.0.1:${dead}/`],
    })

  it.each(['tracker-client check', 'tracker-client check --'])('reports as Torrust does: %s', async (line) => {
    const world = { env: { TORRUST_CHECKER_CONFIG: config() } }
    const { exitCode, out, err } = await runLine(line.split(' '), world)
    expect([exitCode, err]).toEqual([0, ''])
    expect(out.trim().split('\n')).toHaveLength(1)
    const failed = { Err: expect.stringContaining('ECONNREFUSED') }
    const [setup, connect, announce, scrape] = ['Setup', 'Connect', 'Announce', 'Scrape'].map((name) => [name, OK])
    expect(JSON.parse(out)).toEqual([
      { Udp: { Ok: { remote_addr: muster.udp[0].slice(6), results: [setup, connect, announce, scrape] } } },
      { Udp: { Err: { remote_addr: `127.0.0.1:${dead}`, results: [setup, ['Connect', failed]] } } },
      { Health: { Ok: { url: muster.health, result: { Ok: '200 OK' } } } },
      { Health: { Err: { url: `http://127.0.0.1:${dead}/`, result: failed } } },
      { Http: { Ok: { url: `${muster.http[0]}/`, results: [announce, scrape] } } },
    ])
  })

  it('reads a file, named by an option or a variable, before anything else', async () => {
    const files = { 'c.json': JSON.stringify({ udp_trackers: [], http_trackers: [], health_checks: [] }) }
    const env = { TORRUST_CHECKER_CONFIG: config() }
    for (const [words, variables] of [
      [['--config-path', 'c.json'], env],
      [['--', '-c', 'c.json'], env],
      [[], { ...env, TORRUST_CHECKER_CONFIG_PATH: 'c.json' }],
      [[files['c.json']], {}],
    ] as const) {
      expect(await runLine(['tracker-client', 'check', ...words], { files, env: variables })).toEqual({
        exitCode: 0,
        out: '[]\n',
        err: '',
      })
    }
  })

  it.each([
    [{}, 'TORRUST_CHECKER_CONFIG', 'no configuration provided'],
    [{ TORRUST_CHECKER_CONFIG: '{"a":' }, 'TORRUST_CHECKER_CONFIG', 'JSON parse error: '],
    [{ TORRUST_CHECKER_CONFIG: '{"udp_trackers":[]}' }, 'TORRUST_CHECKER_CONFIG', 'missing field `http_trackers`'],
    [{ TORRUST_CHECKER_CONFIG_PATH: 'none.json' }, 'none.json', "can't read config file none.json"],
  ])('says in JSON what is wrong with its configuration, with exit code 2: %j', async (env, source, message) => {
    const { exitCode, out, err } = await runLine(['tracker-client', 'check'], { env })
    expect([exitCode, out]).toEqual([2, ''])
    expect(JSON.parse(err)).toEqual({
      error: { kind: 'invalid_configuration', source, message: expect.stringContaining(message) },
    })
  })

  const monitor = ['tracker-client', 'check', 'monitor', 'udp', '--interval', '1', '--duration', '3600', '--url']

  it('monitors a UDP tracker until it is interrupted', async () => {
    const interrupt = new AbortController()
    let pauses = 0
    const onPause = (): void => {
      if (++pauses === 3) interrupt.abort()
    }
    const [url] = muster.udp
    const { exitCode, out, err } = await runLine([...monitor, url], { onPause, interruption: interrupt.signal })
    expect(exitCode).toBe(0)
    const events = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events).toEqual(
      [1, 2, 3].map((sequence) => ({ event: 'probe', sequence, url, status: 'ok', elapsed_ms: expect.any(Number) })),
    )
    const stats = { total: 3, timeouts: 0, timeout_percent: 0 }
    const times = { min_ms: expect.any(Number), max_ms: expect.any(Number), average_ms: expect.any(Number) }
    expect(JSON.parse(out)).toEqual({
      udp_trackers: [
        {
          url,
          status: {
            code: 'ok',
            message: 'monitor interrupted',
            stats: { ...stats, ...times, last_ms: expect.any(Number) },
          },
        },
      ],
    })
  })

  it('counts failures as errors, and needs a UDP URL with a port', async () => {
    const interrupt = new AbortController()
    const world = { onPause: () => interrupt.abort(), interruption: interrupt.signal }
    const { out, err } = await runLine([...monitor, `udp://127.0.0.1:${dead}`], world)
    expect(JSON.parse(err)).toMatchObject({ status: 'error', elapsed_ms: null, message: expect.any(String) })
    const { stats } = JSON.parse(out).udp_trackers[0].status
    expect(stats).toEqual({
      total: 1,
      timeouts: 0,
      timeout_percent: 0,
      min_ms: null,
      max_ms: null,
      average_ms: null,
      last_ms: null,
    })
    for (const url of ['http://127.0.0.1:1/', 'udp://127.0.0.1']) {
      expect((await runLine([...monitor, url])).exitCode).toBe(2)
    }
  })
})
