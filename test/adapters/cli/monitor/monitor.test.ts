// muster monitor over services that answer, and ports where nothing listens.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { closeServices, freePort, httpService } from '../../../fixtures/answering-services.ts'
import { runLine } from '../a-command-line.ts'

const ANSWER = 'd8:completei3e10:incompletei4e8:intervali1800e5:peers0:e'

let folder: string
let file: string
let up: string
let down: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-monitor-'))
  file = join(folder, 'probes.ndjson')
  up = `http://127.0.0.1:${await httpService((_, response) => response.end(ANSWER))}/announce`
  down = `udp://127.0.0.1:${await freePort()}`
})
afterEach(async () => {
  await closeServices()
  rmSync(folder, { recursive: true })
})

function events(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('in a pipe', () => {
  it('each probe is a line, and a summary ends it', async () => {
    const { exitCode, out, err } = await runLine(['monitor', up, down, '--count', '3'])
    expect([exitCode, err]).toEqual([0, ''])
    const lines = events(out)
    const probe = { event: 'probe', time: expect.any(String), address: '127.0.0.1' }
    const ok = { ...probe, url: up, status: 'ok', latency_ms: expect.any(Number) }
    const refused = { status: 'error', latency_ms: null, message: expect.stringContaining('nothing listens') }
    expect(lines.filter(({ url }) => url === up)).toEqual([ok, ok, ok])
    expect(lines.filter(({ url }) => url === down)).toEqual(Array(3).fill({ ...probe, url: down, ...refused }))
    const percentiles = { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) }
    const counts = { ok: 0, timeout: 0, error: 0, unknown: 0 }
    expect(lines.at(-1)).toEqual({
      event: 'summary',
      time: expect.any(String),
      endpoints: [
        {
          url: up,
          address: '127.0.0.1',
          current: true,
          status: 'ok',
          since: expect.any(String),
          uptime: 1,
          uptime_24h: 1,
          probes: { ...counts, ok: 3 },
          latency_ms: percentiles,
        },
        expect.objectContaining({ url: down, uptime: 0, probes: { ...counts, error: 3 }, latency_ms: null }),
      ],
    })
  })

  it('pauses are of the interval, a tenth more or less, and first probes are spread', async () => {
    const pauses: number[] = []
    const onPause = (milliseconds: number): void => {
      pauses.push(milliseconds)
    }
    await runLine(['monitor', up, '--count', '30', '--interval', '100s'], { onPause })
    expect(pauses).toHaveLength(29)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(90_000)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(110_000)
    expect(new Set(pauses).size).toBeGreaterThan(20)
    pauses.length = 0
    await runLine(['monitor', up, down, '--count', '1', '--interval', '100s'], { onPause })
    expect(pauses).toEqual([5000])
  })

  it('trackers that differ only in a key have records of their own', async () => {
    const port = await httpService((request, response) => response.end(request.url?.includes('bad') ? '' : ANSWER))
    const urls = ['good', 'bad', 'bad2'].map((key) => `http://127.0.0.1:${port}/announce?key=${key}`)
    const { out } = await runLine(['monitor', ...urls, '--count', '2'])
    const { endpoints } = events(out).at(-1) as { endpoints: Record<string, unknown>[] }
    const shown = `http://127.0.0.1:${port}/announce?key=[masked]`
    expect(endpoints.map(({ url, uptime }) => [url, uptime])).toEqual([
      [shown, 1],
      [`${shown} #2`, 0],
      [`${shown} #3`, 0],
    ])
  })

  it('no more endpoints are probed at the same time than allowed, of all trackers together', async () => {
    let running = 0
    let peak = 0
    const port = await httpService((_, response) => {
      peak = Math.max(peak, ++running)
      setTimeout(() => {
        running--
        response.end(ANSWER)
      }, 20)
    })
    const urls = Array.from({ length: 8 }, (_, n) => `http://127.0.0.1:${port}/${n}/announce`)
    const { out } = await runLine(['monitor', ...urls, '--count', '1', '--concurrency', '2'])
    expect(events(out).filter(({ status }) => status === 'ok')).toHaveLength(8)
    expect(peak).toBe(2)
  })

  it('Ctrl-C ends it with its summary', async () => {
    const interrupt = new AbortController()
    const world = { interruption: interrupt.signal, onPause: () => interrupt.abort() }
    const { exitCode, out } = await runLine(['monitor', up], world)
    expect(exitCode).toBe(0)
    expect(events(out).map(({ event }) => event)).toEqual(['probe', 'summary'])
  })
})

describe('a file', () => {
  it('is continued, also when its last line was cut off', async () => {
    await runLine(['monitor', up, '--count', '2', '--output', file])
    appendFileSync(file, '{"event":"probe","ti')
    const { out, err } = await runLine(['monitor', up, '--count', '1', '--output', file])
    expect(err).toBe('Continues a file with 2 probes of these trackers.\n')
    const [summary, ...rest] = events(out)
    expect(rest).toEqual([])
    expect(summary).toMatchObject({ endpoints: [{ url: up, probes: { ok: 3 } }] })
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines).toHaveLength(5)
    expect(JSON.parse(lines[3])).toMatchObject({ event: 'probe', url: up })
  })

  it('may have addresses that the host no longer has: they are not current', async () => {
    const gone = { event: 'probe', time: '2026-11-28T10:00:00.000Z', url: up, address: '192.0.2.9', status: 'ok' }
    writeFileSync(file, `${JSON.stringify(gone)}\n`)
    const { out } = await runLine(['monitor', up, '--count', '1', '--output', file])
    expect(events(out).at(-1)).toMatchObject({
      endpoints: [
        { address: '192.0.2.9', current: false, probes: { ok: 1 } },
        { address: '127.0.0.1', current: true, probes: { ok: 1 } },
      ],
    })
  })

  it('of something else is refused, and left as it is', async () => {
    writeFileSync(file, 'notes\n')
    expect(await runLine(['monitor', up, '--count', '1', '--output', file])).toEqual({
      exitCode: 1,
      out: '',
      err: 'The output file is not one of a monitor: it has lines, but no event.\n',
    })
    expect(readFileSync(file, 'utf8')).toBe('notes\n')
  })

  it('that cannot be written does not end the monitor, and is reported once', async () => {
    const { exitCode, err } = await runLine(['monitor', up, '--count', '3', '--output', join(folder, 'none/file')])
    expect(exitCode).toBe(0)
    expect(err.match(/cannot be written/g)).toHaveLength(1)
  })
})

describe('on a terminal', () => {
  it('a table shows uptime and latency', async () => {
    const { out } = await runLine(['monitor', up, down, '--count', '2'], { isTerminal: true, columns: 220 })
    const last = out.split('\u001b[H\u001b[J').at(-1) ?? ''
    expect(last).toMatch(/│ Tracker +│ Address +│ Now +│ Uptime +│ 24 h +│ p50 +│ p95 +│ p99 +│ Probes │/)
    expect(last).toMatch(/│ ok, 0 s +│ 100\.00 % │ 100\.00 % │ [\d.]+ ms/)
    expect(last).toMatch(/│ error, 0 s: nothing listens on this port \(connection refused\) │ 0\.00 % +│/)
  })

  it('shows no control characters and no keys of trackers', async () => {
    const port = await httpService((_, response) => response.end('d14:failure reason6:\u001b[2J!!e'))
    const url = `http://127.0.0.1:${port}/YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ/announce`
    const { out } = await runLine(['monitor', url, '--count', '1'], { isTerminal: true, columns: 220 })
    expect(out.replaceAll('\u001b[H\u001b[J', '')).not.toContain('\u001b')
    expect(out).toContain('refused: ?[2J!!')
    expect(out).not.toContain('YZSl4')
  })
})

describe('Prometheus', () => {
  it('reads metrics while it runs', async () => {
    let metrics = ''
    let other = 0
    let err = ''
    const onPause = async (): Promise<void> => {
      const url = /Metrics: (\S+)/.exec(err)?.[1] ?? ''
      metrics = await (await fetch(url)).text()
      other = (await fetch(new URL('/', url))).status
    }
    const line = ['monitor', up, down, '--count', '2', '--prometheus', '0']
    await runLine(line, { onPause, onErr: (text) => (err += text) })
    expect(err).toMatch(/^Metrics: http:\/\/127\.0\.0\.1:\d+\/metrics\n$/)
    expect(other).toBe(404)
    expect(metrics).toContain(`muster_monitor_up{address="127.0.0.1",url="${up}"} 1\n`)
    expect(metrics).toContain(`muster_monitor_up{address="127.0.0.1",url="${down}"} 0\n`)
    expect(metrics).toMatch(/muster_monitor_probes_total\{address="127\.0\.0\.1",url="[^"]+",status="ok"\} [12]\n/)
    expect(metrics).toMatch(/muster_monitor_answer_seconds\{[^}]+percentile="99"\} 0\.\d+\n/)
  })

  it('needs an address that is free', async () => {
    const port = /:(\d+)/.exec(up.slice(7))?.[1]
    const { exitCode, err } = await runLine(['monitor', up, '--count', '1', '--prometheus', `127.0.0.1:${port}`])
    expect(exitCode).toBe(1)
    expect(err).toContain(`Metrics cannot be served at 127.0.0.1:${port}: `)
  })
})

describe('the command line', () => {
  it.each([
    [],
    ['--interval', '0'],
    ['--interval', 'forever', 'udp://127.0.0.1:1'],
    ['--interval', '8d', 'udp://127.0.0.1:1'],
    ['--prometheus', '99999', 'udp://127.0.0.1:1'],
    ['--prometheus', 'host:', 'udp://127.0.0.1:1'],
    ['--count', '0', 'udp://127.0.0.1:1'],
  ])('makes no sense with %s %s %s', async (...words) => {
    const { exitCode, out } = await runLine(['monitor', ...words.filter(Boolean)])
    expect([exitCode, out]).toEqual([2, ''])
  })
})
