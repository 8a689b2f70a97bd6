// What can be known before a start: the configuration check, the doctor and the start say it in the same words, and the
// start changes nothing.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/adapters/cli/doctor/finding.ts'
import { aDocument, type DocumentParts } from './documents.ts'
import { aFolder, launched } from './tidy.ts'
import type { LogLine, StartOptions } from './tracker-process.ts'

/** What a run printed, and its exit code. */
async function run(document: string, options: StartOptions) {
  const process = launched(document, options)
  const { code } = await process.ended
  return { code, lines: process.lines }
}

/** What the three say about one document. */
async function allSay(document: string, options: StartOptions = {}) {
  const directory = aFolder()
  const check = await run(document, { ...options, directory, args: ['config', 'check'] })
  const doctor = await run(document, { ...options, directory, args: ['doctor', '--json'] })
  const start = await run(document, { ...options, directory })
  expect([check.code, doctor.code, start.code]).toEqual([1, 1, 1])
  expect(existsSync(join(directory, 'storage'))).toBe(false)
  const { findings }: { findings: Finding[] } = JSON.parse(doctor.lines.join('\n'))
  return {
    check: check.lines.slice(0, -1).map((line) => line.replace('MUSTER_CONFIG_TOML: ', '')),
    doctor: findings
      .filter(({ check: name, verdict }) => verdict === 'fail' && (name === 'ports' || name === 'certificates'))
      .map(({ message, remedy }) => `${message}; ${remedy}`),
    start: start.lines
      .map((line): LogLine => JSON.parse(line))
      .filter(({ level }) => level === 'ERROR')
      .map(({ msg }) => msg),
  }
}

function tlsConfig(cert: string, key: string): string {
  return `[http_trackers.tls_config]\nssl_cert_path = "${cert}"\nssl_key_path = "${key}"`
}

const MISTAKES: readonly (readonly [name: string, parts: () => DocumentParts, said: string])[] = [
  ['no listener', () => ({}), 'udp_trackers: the tracker has no listener'],
  [
    'an address that this machine does not have',
    () => ({ udp: ['192.0.2.1:6969'] }),
    'udp_trackers.0.bind_address: cannot listen on udp://192.0.2.1:6969: this machine has no such address',
  ],
  [
    'two listeners on one port',
    () => ({ http: ['127.0.0.1:7979', '0.0.0.0:7979'] }),
    'http_trackers.1.bind_address: cannot listen on http://0.0.0.0:7979: http_trackers.0 (http://127.0.0.1:7979) has',
  ],
  [
    'a certificate that is missing',
    () => ({ http: ['127.0.0.1:0'], more: tlsConfig('/nowhere/cert.pem', '/nowhere/key.pem') }),
    'http_trackers.0.tls_config: certificate /nowhere/cert.pem with key /nowhere/key.pem: ENOENT',
  ],
  [
    'an empty certificate',
    () => {
      const file = join(aFolder(), 'empty.pem')
      writeFileSync(file, '', { mode: 0o600 })
      return { http: ['127.0.0.1:0'], more: tlsConfig(file, file) }
    },
    'empty.pem is empty; set a matching pair of PEM files',
  ],
]

describe('before a start', () => {
  it.each(MISTAKES)(
    '%s is reported by the check, the doctor and the start in the same words',
    async (_, parts, said) => {
      const all = await allSay(aDocument(parts()))
      expect(all.check).toEqual([expect.stringContaining(said)])
      expect(all.doctor).toEqual(all.check)
      expect(all.start).toEqual(all.check)
    },
  )

  it('a privileged port is reported to a user who may not have it', async () => {
    if (process.getuid?.() !== 0) return
    const within = ['setpriv', '--inh-caps=-net_bind_service', '--bounding-set=-net_bind_service']
    const all = await allSay(aDocument({ udp: ['127.0.0.1:80'] }), { within })
    expect(all.check).toEqual([
      expect.stringContaining(
        'udp_trackers.0.bind_address: cannot listen on udp://127.0.0.1:80: permission denied (ports below 1024 need CAP_NET_BIND_SERVICE) (EACCES); set AmbientCapabilities=CAP_NET_BIND_SERVICE',
      ),
    ])
    expect(all.doctor).toEqual(all.check)
    expect(all.start).toEqual(all.check)
  })
})
