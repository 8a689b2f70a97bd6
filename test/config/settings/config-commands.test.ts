import { describe, expect, it } from '@jest/globals'
import { parse } from 'smol-toml'
import { checkConfig, printConfig } from '../../../src/config/settings/config-commands.ts'
import { documentWith, environment } from './loading.ts'

async function run(
  command: typeof checkConfig,
  text: string | undefined,
  { asJson = false, env = {}, columns }: { asJson?: boolean; env?: Record<string, string>; columns?: number } = {},
) {
  const files: Record<string, string> = text === undefined ? {} : { 'tracker.toml': text }
  const said = { out: '', err: '' }
  const exitCode = await command(
    { configFile: text === undefined ? undefined : 'tracker.toml', asJson },
    environment(files, env),
    {
      out: (part) => {
        said.out += part
      },
      err: (part) => {
        said.err += part
      },
      columns,
    },
  )
  return { exitCode, ...said }
}

const LISTENER = '[[udp_trackers]]\nbind_address = "127.0.0.1:0"\n'
const BAD = documentWith('[threads]\nudp = 0\nhttps = 1')

describe('config check', () => {
  it('summarizes a valid configuration', async () => {
    expect(await run(checkConfig, undefined)).toEqual({
      exitCode: 0,
      out: `built-in defaults: no problems (schema 3.0.0)
  listens on  udp://0.0.0.0:6969, udp://[::]:6969, http://0.0.0.0:7070, http://[::]:7070
  access      public: any torrent, for any client (core.listed and core.private are false)
  interval    1800 s, at least 900 s
  memory      1 GiB for swarms
  management  http://127.0.0.1:1212
  database    sqlite3 storage/tracker/lib/database/sqlite3.db
`,
      err: '',
    })
  })

  it('shows public URLs', async () => {
    const text = documentWith(
      '[[udp_trackers]]\npublic_url = "udp://a.example:6969"\n[[http_trackers]]\n[http_api]\npublic_url = "https://b.example"',
    )
    const { out } = await run(checkConfig, text)
    expect(out).toContain('  listens on  udp://0.0.0.0:6969 (udp://a.example:6969), http://0.0.0.0:7070\n')
    expect(out).toContain('  management  http://127.0.0.1:1212 (https://b.example)\n')
  })

  it('lists overrides, warnings and unserved options', async () => {
    const text = documentWith(
      `${LISTENER}[udp_tracker_server]\nmax_connection_id_errors_per_ip = 9\nconnection_id_validation = "disabled"\n[core.announce_policy]\ninterval = 120`,
    )
    const { exitCode, out } = await run(checkConfig, text, { env: { MUSTER_CONFIG_OVERRIDE_THREADS__UDP: '2' } })
    expect(exitCode).toBe(0)
    expect(out.split('\n').slice(1)).toEqual([
      '  listens on  udp://127.0.0.1:0',
      '  access      public: any torrent, for any client (core.listed and core.private are false)',
      '  interval    120 s, at least 120 s',
      '  memory      1 GiB for swarms',
      '  management  none: no http_api',
      '  database    none: nothing is stored',
      '  override    MUSTER_CONFIG_OVERRIDE_THREADS__UDP',
      'warning: core.announce_policy.interval: 120 to 144 s with jitter: some clients and tracker lists accept only 300 to 10800 s',
      'warning: udp_tracker_server.connection_id_validation: source addresses are not verified: clients can list others as peers, and have replies sent to them',
      'not served: udp_tracker_server: no address is banned for bad connection ids, because ids are not checked.',
      '',
    ])
  })

  it('shows the IPv4 listener that is added for a UDP listener on ::', async () => {
    const { out } = await run(checkConfig, documentWith('[[udp_trackers]]\nbind_address = "[::]:6969"'))
    expect(out).toContain('\n  listens on  udp://[::]:6969, udp://0.0.0.0:6969\n')
    expect(out).toContain('\nwarning: udp_trackers.0.network.ipv6_v6only: "[::]:6969" also covers IPv4')
  })

  it('shows a database server without user and password', async () => {
    const text = documentWith(`${LISTENER}[core.database]\nurl = "postgresql://somebody:secret@db.example.org/tracker"`)
    expect((await run(checkConfig, text)).out).toContain('\n  database    postgresql tracker on db.example.org:5432\n')
  })

  it('prints every problem and fails', async () => {
    expect(await run(checkConfig, BAD)).toEqual({
      exitCode: 1,
      out: `tracker.toml:10:7: threads.udp: must be "auto" or a whole number from 1 to 64; got 0
tracker.toml:11:1: threads.https: unknown key, did you mean "http"?
2 problems
`,
      err: '',
    })
  })

  it('says where the API listens when a token can be guessed', async () => {
    const text = documentWith(`${LISTENER}[http_api]\nbind_address = "0.0.0.0:1212"\naccess_tokens.admin = "short"`)
    const { exitCode, out } = await run(checkConfig, text)
    expect(exitCode).toBe(0)
    expect(out).toContain('\n  management  http://127.0.0.1:1212\n')
    expect(out).toContain('\nwarning: http_api.bind_address: the API listens on 127.0.0.1:1212 only')
  })

  it('reports what would keep the tracker from starting, with the option and the remedy', async () => {
    const text = documentWith('[[udp_trackers]]\nbind_address = "192.0.2.1:6969"')
    const path = 'udp_trackers.0.bind_address'
    const message =
      'cannot listen on udp://192.0.2.1:6969: this machine has no such address (EADDRNOTAVAIL); set an address of this machine (ip address lists them), or 0.0.0.0 for all'
    expect(await run(checkConfig, text)).toMatchObject({
      exitCode: 1,
      out: `tracker.toml: ${path}: ${message}\n1 problem\n`,
    })
    const { out } = await run(checkConfig, text, { asJson: true })
    expect(JSON.parse(out)).toEqual({ ok: false, problems: [{ source: 'tracker.toml', path, message }] })
  })

  it.each([
    [
      'problems',
      BAD,
      `tracker.toml:10:7: threads.udp: must be "auto" or a whole number from 1
    to 64; got 0
tracker.toml:11:1: threads.https: unknown key, did you mean "http"?
2 problems
`,
    ],
    [
      'a summary and warnings',
      documentWith(`${LISTENER}[core.announce_policy]\ninterval = 120`),
      `tracker.toml: no problems (schema 3.0.0)
  listens on  udp://127.0.0.1:0
  access      public: any torrent, for any client (core.listed and
              core.private are false)
  interval    120 s, at least 120 s
  memory      1 GiB for swarms
  management  none: no http_api
  database    none: nothing is stored
warning: core.announce_policy.interval: 120 to 144 s with jitter: some
         clients and tracker lists accept only 300 to 10800 s
`,
    ],
  ])('wraps %s to the width of a terminal', async (_, text, lines) => {
    expect((await run(checkConfig, text, { columns: 72 })).out).toBe(lines)
    expect(await run(checkConfig, text, { columns: 72, asJson: true })).toEqual(
      await run(checkConfig, text, { asJson: true }),
    )
  })

  it('prints the same as JSON', async () => {
    const good = await run(
      checkConfig,
      documentWith(`${LISTENER}[udp_tracker_server]\nmax_connection_id_errors_per_ip = 9`),
      {
        asJson: true,
      },
    )
    expect([good.exitCode, JSON.parse(good.out)]).toEqual([
      0,
      {
        ok: true,
        source: 'tracker.toml',
        problems: [],
        warnings: [
          'udp_tracker_server: addresses are banned for bad connection ids: anyone who forges the address of a client can have it banned',
        ],
        unserved: [],
      },
    ])
    const bad = await run(checkConfig, BAD, { asJson: true })
    expect([bad.exitCode, JSON.parse(bad.out)]).toEqual([
      1,
      {
        ok: false,
        problems: [
          {
            source: 'tracker.toml',
            line: 10,
            column: 7,
            path: 'threads.udp',
            message: 'must be "auto" or a whole number from 1 to 64; got 0',
          },
          {
            source: 'tracker.toml',
            line: 11,
            column: 1,
            path: 'threads.https',
            message: 'unknown key, did you mean "http"?',
          },
        ],
      },
    ])
  })
})

describe('config print', () => {
  it('prints every effective option, as TOML or as JSON', async () => {
    const toml = await run(printConfig, documentWith('[threads]\nudp = 3'))
    const json = await run(printConfig, documentWith('[threads]\nudp = 3'), { asJson: true })
    expect([toml.exitCode, toml.err, json.exitCode]).toEqual([0, '', 0])
    expect(parse(toml.out)).toEqual(JSON.parse(json.out))
    expect(parse(toml.out)).toMatchObject({
      metadata: { schema_version: '3.0.0' },
      core: { announce_policy: { interval: '30m', interval_min: '15m', jitter: 0.2 } },
      threads: { udp: 3, http: 'auto' },
    })
  })

  it('prints the IPv4 listener that is added for a UDP listener on ::, so that it reads back the same', async () => {
    const first = await run(printConfig, documentWith('[[udp_trackers]]\nbind_address = "[::]:6969"'))
    const second = await run(printConfig, first.out)
    expect(second.out).toBe(first.out)
    expect(parse(first.out)['udp_trackers']).toMatchObject([
      { bind_address: '[::]:6969' },
      { bind_address: '0.0.0.0:6969' },
    ])
  })

  it('leaves standard output empty if there are problems', async () => {
    const { exitCode, out, err } = await run(printConfig, BAD)
    expect([exitCode, out]).toEqual([1, ''])
    expect(err).toContain('tracker.toml:10:7: threads.udp')
  })
})
