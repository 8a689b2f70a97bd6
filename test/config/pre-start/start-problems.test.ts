// What is known before a start: each mistake, and its neighbours that are none.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { writeStartProblem } from '../../../src/config/pre-start/start-problem.ts'
import { startProblems } from '../../../src/config/pre-start/start-problems.ts'
import { freePort } from '../../fixtures/answering-services.ts'
import { certify } from '../../fixtures/dated-certificates.ts'
import { documentWith, load } from '../settings/loading.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Listeners {
  readonly udp?: readonly string[]
  readonly http?: readonly string[]
  readonly more?: string
}

async function problemsOf({ udp = [], http = [], more = '' }: Listeners): Promise<readonly string[]> {
  const tables = [
    ...udp.map((address) => `[[udp_trackers]]\nbind_address = "${address}"`),
    ...http.map((address) => `[[http_trackers]]\nbind_address = "${address}"`),
  ]
  const { settings } = await load(documentWith([...tables, more].join('\n')))
  return (await startProblems(settings, false)).map(writeStartProblem)
}

function withTls(certPath: string, keyPath: string): Listeners {
  return {
    http: ['127.0.0.1:0'],
    more: `[http_trackers.tls_config]\nssl_cert_path = "${certPath}"\nssl_key_path = "${keyPath}"`,
  }
}

describe('a tracker that can start', () => {
  it('has no problems, even while another program has its ports', async () => {
    const holder = createSocket('udp4').bind(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address()
    expect(await problemsOf({ udp: [`127.0.0.1:${port}`], http: [`127.0.0.1:${port}`] })).toEqual([])
    holder.close()
  })

  it('may listen on one port over UDP and TCP, and on several addresses', async () => {
    const port = await freePort()
    const addresses = [`127.0.0.1:${port}`, `127.0.0.2:${port}`, `[::1]:${port}`]
    expect(await problemsOf({ udp: addresses, http: addresses })).toEqual([])
  })
})

describe('a start without a listener', () => {
  it('is a problem, also with a management API', async () => {
    const said = [
      'udp_trackers: the tracker has no listener; add [[udp_trackers]] or [[http_trackers]], each with a bind_address such as "0.0.0.0:6969"',
    ]
    expect(await problemsOf({})).toEqual(said)
    expect(await problemsOf({ more: '[http_api]\nbind_address = "127.0.0.1:0"' })).toEqual(said)
  })
})

describe('an address', () => {
  it('of another machine is a problem, for each listener', async () => {
    const reason = 'this machine has no such address (EADDRNOTAVAIL); set an address of this machine'
    expect(await problemsOf({ udp: ['192.0.2.1:6969'], http: ['127.0.0.1:0', '192.0.2.1:7070'] })).toEqual([
      expect.stringContaining(`udp_trackers.0.bind_address: cannot listen on udp://192.0.2.1:6969: ${reason}`),
      expect.stringContaining(`http_trackers.1.bind_address: cannot listen on http://192.0.2.1:7070: ${reason}`),
    ])
    const more = '[http_api]\nbind_address = "192.0.2.1:1212"\n[health_check_api]\nbind_address = "192.0.2.1:1313"'
    expect(await problemsOf({ udp: ['127.0.0.1:0'], more })).toEqual([
      expect.stringContaining('http_api.bind_address: cannot listen on http://192.0.2.1:1212'),
      expect.stringContaining('health_check_api.bind_address: cannot listen on http://192.0.2.1:1313'),
    ])
  })

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['127.0.0.1', '127.0.0.1'],
  ])('%s of a listener and %s of an API, on one port, are a problem', async (host, apiHost) => {
    const port = await freePort()
    const more = `[http_api]\nbind_address = "${apiHost}:${port}"`
    expect(await problemsOf({ http: [`${host}:${port}`], more })).toEqual([
      `http_api.bind_address: cannot listen on http://${apiHost}:${port}: http_trackers.0 (http://${host}:${port}) has this port already; set another port for http_api or http_trackers.0`,
    ])
  })

  it('of all, and one of them, are a problem on one port', async () => {
    const port = await freePort()
    expect(await problemsOf({ udp: [`0.0.0.0:${port}`, `127.0.0.1:${port}`] })).toEqual([
      expect.stringContaining(`cannot listen on udp://127.0.0.1:${port}: udp_trackers.0 (udp://0.0.0.0:${port})`),
    ])
  })
})

describe('a certificate', () => {
  it('that fits its key is no problem', async () => {
    const { certPath, keyPath } = certify(folder, 'good', { name: 'tracker.example.org' })
    expect(await problemsOf(withTls(certPath, keyPath))).toEqual([])
  })

  it('that is missing, empty, no certificate, or of another key is a problem', async () => {
    const { certPath, keyPath } = certify(folder, 'one', { name: 'tracker.example.org' })
    const other = certify(folder, 'other', { name: 'tracker.example.org' })
    const [missing, empty, text] = ['missing', 'empty', 'text'].map((name) => join(folder, name))
    writeFileSync(empty, '')
    writeFileSync(text, 'no certificate')
    for (const [cert, key, reason] of [
      [missing, keyPath, `ENOENT: no such file or directory, open '${missing}'`],
      [certPath, missing, `ENOENT: no such file or directory, open '${missing}'`],
      [empty, keyPath, `${empty} is empty`],
      [certPath, empty, `${empty} is empty`],
      [folder, keyPath, 'EISDIR: illegal operation on a directory, read'],
      [text, keyPath, 'no start line'],
      [certPath, other.keyPath, 'key values mismatch'],
    ]) {
      const [problem, ...more] = await problemsOf(withTls(cert, key))
      expect(more).toEqual([])
      expect(problem).toContain(`http_trackers.0.tls_config: certificate ${cert} with key ${key}: `)
      expect(problem).toContain(reason)
      expect(problem).toMatch(/; set a matching pair of PEM files that the tracker's user can read$/)
    }
  })

  it('of the management API is checked too', async () => {
    const more =
      '[http_api]\nbind_address = "127.0.0.1:0"\n[http_api.tls_config]\nssl_cert_path = "/nowhere/a"\nssl_key_path = "/nowhere/b"'
    expect(await problemsOf({ udp: ['127.0.0.1:0'], more })).toEqual([
      expect.stringMatching(/^http_api\.tls_config: certificate \/nowhere\/a with key \/nowhere\/b: ENOENT/),
    ])
  })
})
