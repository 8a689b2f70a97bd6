// The doctor and a running tracker: no findings for a healthy one, and each of many faults reported. Kernel settings
// are faked, so that the test machine's own faults are not found; everything else is real.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/adapters/cli/doctor/finding.ts'
import { runDoctor } from '../../src/config/doctor/run-doctor.ts'
import { closeServices, freePort, httpService } from '../fixtures/answering-services.ts'
import { certify } from '../fixtures/dated-certificates.ts'
import { aMachine, type MachineFaults } from '../fixtures/examined-trackers.ts'
import { TrackerProcess } from './tracker-process.ts'

let folder: string
let tracker: TrackerProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
  mkdirSync(join(folder, 'data'))
})

afterEach(async () => {
  await tracker?.[Symbol.asyncDispose]()
  tracker = undefined
  await closeServices()
  rmSync(folder, { recursive: true, force: true })
})

interface Plan {
  readonly ports: { readonly udp: number; readonly http: number; readonly https: number; readonly health: number }
  readonly interval?: number
  readonly certificate?: string
  readonly dataDirectory?: string
  readonly database?: string
}

async function somePorts(): Promise<Plan['ports']> {
  return {
    udp: await freePort(),
    http: await freePort(),
    https: await freePort(),
    health: await freePort(),
  }
}

function writeDocument(plan: Plan): string {
  const { ports, interval = 1800, certificate = 'good', dataDirectory = join(folder, 'data'), database = '' } = plan
  return `
[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "info"
[core]
listed = false
private = false
[core.announce_policy]
interval = ${interval}
${database}
[memory]
swarm_budget = "16 MiB"
[threads]
udp = 1
http = 1
[process]
data_directory = "${dataDirectory}"
[[udp_trackers]]
bind_address = "127.0.0.1:${ports.udp}"
[[http_trackers]]
bind_address = "127.0.0.1:${ports.http}"
[[http_trackers]]
bind_address = "127.0.0.1:${ports.https}"
public_url = "https://tracker.example.org/announce"
tls_config = { ssl_cert_path = "${join(folder, certificate)}.crt", ssl_key_path = "${join(folder, certificate)}.key" }
[health_check_api]
bind_address = "127.0.0.1:${ports.health}"
`
}

async function examine(document: string, faults: MachineFaults = {}) {
  let out = ''
  const environment = { env: { MUSTER_CONFIG_TOML: document }, readFile: () => '' }
  const exitCode = await runDoctor({ configFile: undefined, asJson: true }, environment, aMachine(faults), {
    out: (text) => {
      out += text
    },
  })
  const { findings }: { findings: Finding[] } = JSON.parse(out)
  return { exitCode, findings }
}

function faultsIn(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ check, verdict, message }) => `${check} ${verdict}: ${message}`)
}

describe('muster doctor', () => {
  it('finds no problems with a healthy tracker', async () => {
    certify(folder, 'good', { name: 'tracker.example.org' })
    const document = writeDocument({ ports: await somePorts() })
    expect(faultsIn((await examine(document)).findings)).toEqual([])
    tracker = await TrackerProcess.start(document)
    await tracker.printed((line) => line.includes('the tracker is ready'))
    const { exitCode, findings } = await examine(document)
    expect(faultsIn(findings)).toEqual([])
    expect(exitCode).toBe(0)
    expect(findings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        '4 of 4 configured ports are in use by a running tracker',
        'the tracker answers at 4 addresses of this machine',
        '3 listeners would be accepted by newTrackon',
      ]),
    )
  })

  it('finds each of many faults, and no others', async () => {
    certify(folder, 'good', { name: 'tracker.example.org' })
    certify(folder, 'expired', { name: 'tracker.example.org', days: -1 })
    const ports = await somePorts()
    tracker = await TrackerProcess.start(writeDocument({ ports, interval: 60 }))
    await tracker.printed((line) => line.includes('the tracker is ready'))
    const otherPort = await httpService((_, response) => void response.writeHead(404).end())
    const databasePort = await freePort()
    writeFileSync(join(folder, 'key'), Buffer.alloc(16))
    chmodSync(join(folder, 'key'), 0o644)
    const document = writeDocument({
      ports: { ...ports, http: otherPort },
      certificate: 'expired',
      dataDirectory: '/proc/sys',
      database: `[core.database]\nurl = "mysql://somebody:not-a-secret@127.0.0.1:${databasePort}/tracker"`,
    }).replace('[process]', `[udp_tracker_server]\nconnection_id_key_file = "${join(folder, 'key')}"\n[process]`)
    const { exitCode, findings } = await examine(document, { files: { '/proc/sys/net/core/rmem_max': '212992\n' } })
    expect(exitCode).toBe(1)
    expect(faultsIn(findings)).toEqual([
      expect.stringMatching(/^kernel-buffers warn: net\.core\.rmem_max is 208 KiB/),
      expect.stringMatching(/^data-directory fail: user \d+ cannot write to \/proc\/sys/),
      expect.stringMatching(
        /^secret-files fail: .*\/key contains a secret, but other users can access it \(mode 0644\)$/,
      ),
      `database fail: mysql tracker on 127.0.0.1:${databasePort} cannot be reached: connect ECONNREFUSED 127.0.0.1:${databasePort}`,
      expect.stringMatching(/^certificates fail: .*expired\.crt \(http_trackers\.1\) expired on/),
      expect.stringMatching(
        `^ports fail: http://127.0.0.1:${otherPort} \\(http_trackers.0\\) is in use by another program`,
      ),
      expect.stringMatching(
        `^newtrackon warn: .*${ports.udp} \\(udp_trackers.0\\) answers with an interval of \\d\\d s`,
      ),
      expect.stringMatching(
        `^newtrackon warn: .*${ports.https} \\(http_trackers.1\\) answers with an interval of \\d\\d s`,
      ),
    ])
    for (const { verdict, remedy } of findings) expect(remedy === undefined).toBe(verdict === 'ok')
    expect(JSON.stringify(findings)).not.toContain('not-a-secret')
  })

  it('reports only the configuration if it cannot be read', async () => {
    const { exitCode, findings } = await examine('[metadata]\nschema_version = "3.0.0"\n[thread]\n')
    expect(exitCode).toBe(1)
    expect(findings.map(({ check, verdict }) => [check, verdict])).toEqual([['configuration', 'fail']])
  })
})
