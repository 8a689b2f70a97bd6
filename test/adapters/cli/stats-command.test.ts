import { afterEach, describe, expect, it } from '@jest/globals'
import { type Look, writeStatistics } from '../../../src/adapters/cli/commands/stats-report.ts'
import { Counter } from '../../../src/adapters/protocol/metrics/counters.ts'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen()
  ports.counters.add(Counter.udp4_connects, 2)
  return { ports, run: apiLine(url, MANAGER) }
}

const COUNTERS = {
  announces_served: 1_234_567,
  udp4_announces: 600,
  udp_bytes_sent: 3_000_000,
  udp_announce_nanoseconds: 61_500_000_000,
  http_requests: 0,
  rest_requests: 4,
  tls_reloads: 1,
}

function aLook(atSeconds: number, counters: Partial<typeof COUNTERS> = {}, started_at = '2023-11-14T22:13:20Z'): Look {
  const statistics = {
    version: '1.2.3',
    started_at,
    uptime_seconds: 100,
    torrents: 1234,
    seeders: 5,
    leechers: 7,
    ipv4_peers: 8,
    ipv6_peers: 4,
    completed: 11,
    completed_this_run: 2,
    completed_persisted: 11,
    swarm_memory: { used_bytes: 65_536, budget_bytes: 512 * 1024 * 1024 },
    under_attack: false,
    counters: { ...COUNTERS, ...counters },
  }
  return { statistics, atMs: atSeconds * 1000 }
}

/** Words of a line, whatever the columns are. */
function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))
}

describe('muster stats', () => {
  it('prints every figure in a pipe, one per line', async () => {
    const { run } = await tracker()
    const { out } = await run('stats')
    expect(out).toMatch(/^version\t1\.2\.3\nstarted_at\t2023-11-14T22:13:20Z\nuptime_seconds\t0\ntorrents\t3\n/)
    expect(out).toContain('\nswarm_memory_used_bytes\t65536\nswarm_memory_budget_bytes\t1048576\n')
    expect(out).toContain('\nudp4_connects\t2\n')
    expect(out).toContain('\nunder_attack\tfalse\n')
    expect(out).toContain('\nhttp_requests\t0\n')
  })

  it('prints the answer as JSON', async () => {
    const { run } = await tracker()
    expect(JSON.parse((await run('stats --json')).out)).toMatchObject({
      version: '1.2.3',
      torrents: 3,
      counters: { udp4_connects: 2 },
    })
  })

  it('is grouped on a terminal', async () => {
    const { run } = await tracker()
    const { out } = await run('stats', { isTerminal: true })
    expect(lines(out).slice(0, 4)).toEqual(['Muster 1.2.3, up 0 s', '', 'Swarms', 'torrents | 3'])
    expect(lines(out)).toContain('udp4 connects | 2 | 0/s')
  })

  it('looks again, and shows rates since the last look', async () => {
    const { ports, run } = await tracker()
    const { out } = await run('stats --watch', {
      isTerminal: true,
      looks: 2,
      beforeLook: (look) => {
        if (look === 1) ports.counters.add(Counter.udp4_connects, 100)
      },
    })
    const [, first = '', second = ''] = out.split('\u001b[H\u001b[J')
    expect(first).toContain('Rates are since the start.')
    expect(second).toContain('Rates are over the last ')
    expect(lines(second).find((line) => line.startsWith('udp4 connects | 102 | '))).not.toContain('| 0/s')
  })

  it('writes a line of JSON or a block of lines for each look', async () => {
    const { run } = await tracker()
    const { out } = await run('stats --watch 5 --json', { looks: 3 })
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).torrents),
    ).toEqual([3, 3, 3])
    expect((await run('stats --watch', { looks: 2 })).out.split('\n\n')).toHaveLength(3)
    expect(await run('stats --watch=0')).toMatchObject({ exitCode: 2 })
  })
})

describe('statistics on a terminal', () => {
  it('say so in the second line during an attack', () => {
    const calm = aLook(0)
    const attacked = { ...calm, statistics: { ...calm.statistics, under_attack: true } }
    expect(lines(writeStatistics(attacked, undefined))[1]).toBe('Under attack: the log has the rates')
    expect(writeStatistics(calm, undefined)).not.toContain('attack')
  })

  it('have groups and units, leave out what is 0, and fit into 80 columns', () => {
    const text = writeStatistics(aLook(0), undefined)
    expect(lines(text)).toEqual([
      'Muster 1.2.3, up 1 min 40 s',
      '',
      'Swarms',
      'torrents | 1,234',
      'seeders | 5',
      'leechers | 7',
      'ipv4 peers | 8',
      'ipv6 peers | 4',
      'downloads completed | 11',
      'memory | 64 KiB of 512 MiB',
      '',
      'UDP',
      'udp4 announces | 600 | 6/s',
      'udp bytes sent | 2.9 MiB | 29 KiB/s',
      'udp announce time | 1 min 1 s | 61.5 %',
      '',
      'Management API',
      'rest requests | 4 | 0.04/s',
      '',
      'Certificates',
      'tls reloads | 1 | 0.01/s',
      '',
      'Tracker',
      'announces served | 1,234,567 | 12,346/s',
      '',
      'Rates are since the start. Counters at 0 are left out (1); --json has all.',
      '',
    ])
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('have rates over the time between two looks', () => {
    const text = writeStatistics(aLook(13, { udp4_announces: 700 }), aLook(10))
    expect(lines(text)).toContain('udp4 announces | 700 | 33.3/s')
    expect(lines(text)).toContain('rest requests | 4 | 0/s')
    expect(text).toContain('Rates are over the last 3 s.')
  })

  it('begin anew after a restart', () => {
    const text = writeStatistics(aLook(13, {}, '2023-11-15T00:00:00Z'), aLook(10))
    expect(text).toContain('Rates are since the start.')
  })
})
