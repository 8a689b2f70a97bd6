// The tracker as a process: its output, successful and failed starts, and stops.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { announceTarget, scrapeTarget } from '../fixtures/announce-targets.ts'
import { announceDatagram } from '../fixtures/udp-datagrams.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { ask, dial, get } from './http-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const EVERYWHERE = { udp: ['127.0.0.1:0', '[::1]:0'], http: ['127.0.0.1:0', '[::1]:0'] }
const folders: string[] = []
const trackers: TrackerProcess[] = []

afterEach(async () => {
  for (const tracker of trackers.splice(0)) await tracker[Symbol.asyncDispose]()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-'))
  folders.push(folder)
  return folder
}

async function started(...options: Parameters<typeof TrackerProcess.start>): Promise<TrackerProcess> {
  const tracker = await TrackerProcess.start(...options)
  trackers.push(tracker)
  return tracker
}

/** A start that must fail: its exit code, and its whole output. */
async function failed(
  document: string | undefined,
  options: ConstructorParameters<typeof TrackerProcess>[1] = {},
): Promise<{ code: number | null; said: string }> {
  const tracker = new TrackerProcess(document, options)
  trackers.push(tracker)
  const { code } = await tracker.ended
  return { code, said: `${tracker.lines.join('\n')}\n${tracker.errors}` }
}

describe('at its start', () => {
  it('needs nothing but a listener, and says that it is public then', async () => {
    // The health API's default port is for one tracker per machine.
    const tables = ['[[http_trackers]]', '[health_check_api]']
    const tracker = await started(tables.map((table) => `${table}\nbind_address = "127.0.0.1:0"`).join('\n'))
    expect((await ask(tracker.http[0] ?? '', announceTarget(anInfoHash()))).get('incomplete')).toBe(1)
    expect(tracker.log).toContainEqual(
      expect.objectContaining({
        level: 'INFO',
        msg: 'access: public: any torrent, for any client (core.listed and core.private are false)',
      }),
    )
  })

  it('binds port 0 to free ports and names them in the lines that tools look for', async () => {
    const tracker = await started(aDocument(EVERYWHERE))
    expect(tracker.udp).toEqual([
      expect.stringMatching(/^udp:\/\/127\.0\.0\.1:[1-9]\d+$/),
      expect.stringMatching(/^udp:\/\/\[::1\]:[1-9]\d+$/),
    ])
    expect(tracker.http).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/),
      expect.stringMatching(/^http:\/\/\[::1\]:[1-9]\d+$/),
    ])
    // The four listeners and the health API.
    expect(tracker.log.filter(({ msg }) => msg.startsWith('Started on: ')).map(({ level }) => level)).toEqual(
      Array(5).fill('INFO'),
    )
  })

  it.each(['json', 'full', 'compact', 'pretty'])(
    'prints start lines in style %s that Torrust tools can parse',
    async (style) => {
      const document = aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] })
      const tracker = new TrackerProcess(document.replace('[logging]', `[logging]\ntrace_style = "${style}"`))
      trackers.push(tracker)
      const found = { udp: new Set<string>(), http: new Set<string>(), health: new Set<string>() }
      await tracker.printed((line) => {
        const clean = line.replace(ESCAPES, '')
        if (clean.includes('INFO') && clean.includes('UDP TRACKER'))
          collect(found.udp, clean, /Started on: udp:\/\/([0-9.]+:[0-9]+)/)
        if (clean.includes('INFO') && clean.includes('HTTP TRACKER'))
          collect(found.http, clean, /Started on: (https?:\/\/[0-9.]+:[0-9]+)/)
        if (clean.includes('INFO') && clean.includes('HEALTH CHECK API'))
          collect(found.health, clean, /Started on: (https?:\/\/[0-9.]+:[0-9]+)\/health_check/)
        return found.udp.size === 1 && found.http.size === 1 && found.health.size === 1
      })
      const [udp] = found.udp
      const client = await UdpClient.open(`udp://${udp}`)
      expect(await client.announce({ infoHash: anInfoHash() })).toMatchObject({ leechers: 1 })
      client.close()
      const [http = ''] = found.http
      expect((await ask(http, announceTarget(anInfoHash()))).get('incomplete')).toBe(1)
      const [health = ''] = found.health
      expect((await get(health, '/health_check')).status).toBe(200)
      expect(tracker.lines.every((line) => line.startsWith('{'))).toBe(style === 'json')
    },
  )

  it('reports the UDP address that is in use, and fails', async () => {
    const holder = createSocket('udp4').bind(0, '127.0.0.1')
    await once(holder, 'listening')
    const address = `127.0.0.1:${holder.address().port}`
    for (const driver of DRIVERS) {
      const { code, said } = await failed(aDocument({ udp: [address], driver }))
      expect(code).toBeGreaterThan(0)
      expect(said).toContain(address)
    }
    holder.close()
  })

  it('reports the HTTP address that is in use, and fails, though its other listeners could start', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const bound = holder.address()
    const address = `127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`
    const { code, said } = await failed(aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0', address] }))
    expect(code).toBeGreaterThan(0)
    expect(said).toContain(address)
    holder.close()
  })

  it('fails, and ends, if listeners of one document clash', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const bound = holder.address()
    const address = `127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`
    holder.close()
    await once(holder, 'close')
    const { code, said } = await failed(aDocument({ http: [address, address] }))
    expect(code).toBe(1)
    expect(said).toContain(address)
    expect(said).not.toMatch(/TRACKER.*Started on/)
  })

  it('fails, and ends, if the certificate of the second listener does not exist', async () => {
    const more =
      '[[http_trackers]]\nbind_address = "127.0.0.1:0"\n' +
      '[http_trackers.tls_config]\nssl_cert_path = "/nowhere/cert.pem"\nssl_key_path = "/nowhere/key.pem"'
    const { code, said } = await failed(aDocument({ http: ['127.0.0.1:0'], more }))
    expect(code).toBe(1)
    expect(said).toContain('/nowhere/cert.pem')
    expect(said).not.toMatch(/TRACKER.*Started on/)
  })

  it('reports file, line, key and remedy of a bad option, and fails', async () => {
    const file = join(aFolder(), 'tracker.toml')
    const document = aDocument({ udp: ['127.0.0.1:0'] })
    const line = document.split('\n').indexOf('[threads]') + 2
    for (const [bad, ...words] of [
      ['udp = "many"', 'threads.udp', 'many'],
      ['upd = 2', 'upd', 'udp'],
      ['udp = ', ''],
    ] as const) {
      writeFileSync(file, document.replace('udp = 2', bad))
      const { code, said } = await failed(undefined, { args: ['--config', file] })
      expect(code).toBeGreaterThan(0)
      expect(said).toContain(`${file}:${line}`)
      for (const word of words) expect(said).toContain(word)
    }
  })

  it('reads its document from a file, by argument or by environment', async () => {
    const file = join(aFolder(), 'tracker.toml')
    writeFileSync(file, aDocument({ udp: ['127.0.0.1:0'] }))
    for (const options of [
      { args: ['--config', file] },
      { env: { MUSTER_CONFIG_TOML_PATH: file } },
      { env: { TORRUST_TRACKER_CONFIG_TOML_PATH: file } },
    ]) {
      const tracker = new TrackerProcess(undefined, options)
      trackers.push(tracker)
      await tracker.printed((text) => text.includes('Started on: udp://127.0.0.1:'))
      expect(tracker.udp).toHaveLength(1)
    }
  })

  it('reports options that have no effect', async () => {
    const env = {
      MUSTER_CONFIG_OVERRIDE_UDP_TRACKER_SERVER__MAX_CONNECTION_ID_ERRORS_PER_IP: '10',
      MUSTER_CONFIG_OVERRIDE_UDP_TRACKER_SERVER__CONNECTION_ID_VALIDATION: 'disabled',
    }
    const tracker = await started(aDocument({ http: ['127.0.0.1:0'] }), { env })
    expect(tracker.log.filter(({ msg }) => msg.includes('no address is banned'))).not.toEqual([])
  })

  it('logs the public URL of each listener that has one, after the line that tools look for', async () => {
    const more = `
[[udp_trackers]]
bind_address = "127.0.0.1:0"
public_url = "udp://tracker.example.org:6969/announce"
[[udp_trackers]]
bind_address = "127.0.0.1:0"
[[http_trackers]]
bind_address = "127.0.0.1:0"
public_url = "https://tracker.example.org/announce"
[http_api]
bind_address = "127.0.0.1:0"
public_url = "https://api.example.org"
`
    const tracker = await started(aDocument({ more }))
    const lines = tracker.log.map(({ target, msg }) => `${target} ${msg}`)
    const lineBelow = (line: string) => lines[lines.indexOf(line) + 1]
    const [named = '', nameless = ''] = tracker.udp
    const [http = ''] = tracker.http
    expect(tracker.udp).toHaveLength(2)
    expect(lineBelow(`UDP TRACKER Started on: ${named}`)).toBe(
      `UDP TRACKER Public URL of ${named}: udp://tracker.example.org:6969/announce`,
    )
    expect(lineBelow(`UDP TRACKER Started on: ${nameless}`)).not.toContain('Public URL')
    expect(lineBelow(`HTTP TRACKER Started on: ${http}`)).toBe(
      `HTTP TRACKER Public URL of ${http}: https://tracker.example.org/announce`,
    )
    expect(lineBelow(`API Started on: ${tracker.api}`)).toBe(
      `API Public URL of ${tracker.api}: https://api.example.org`,
    )
    expect(lines.filter((line) => line.includes('not served') || line.includes('not shown'))).toEqual([])
    // The health API shows them too.
    const health = tracker.log.find(
      ({ target, msg }) => target === 'HEALTH CHECK API' && msg.startsWith('Started on: '),
    )
    const { details } = JSON.parse(await (await fetch(health?.msg.slice('Started on: '.length) ?? '')).text())
    expect(details.map((detail: Record<string, unknown>) => [detail['service_binding'], detail['public_url']])).toEqual(
      [
        [named, 'udp://tracker.example.org:6969/announce'],
        [nameless, undefined],
        [`${http}/`, 'https://tracker.example.org/announce'],
        [`${tracker.api}/`, 'https://api.example.org'],
      ],
    )
  })

  it('never shows a token', async () => {
    const api = '[http_api]\nbind_address = "127.0.0.1:0"\n[http_api.access_tokens]\nadmin = "not-a-secret-0123456789"'
    const tracker = await started(aDocument({ ...EVERYWHERE, more: api }))
    expect(tracker.lines.join('\n')).not.toContain('not-a-secret')
  })

  it('serves announces with a weak token, keeps the API on loopback, and does not show the token', async () => {
    const api = '[http_api]\nbind_address = "0.0.0.0:0"\n[http_api.access_tokens]\nadmin = "not-a-secret"'
    const tracker = await started(aDocument({ http: ['127.0.0.1:0'], more: api }))
    await ask(tracker.http[0] ?? '', scrapeTarget(anInfoHash()))
    const said = tracker.lines.join('\n')
    expect(said).toMatch(/Started on: http:\/\/127\.0\.0\.1:\d+/)
    expect(said).not.toContain('Started on: http://0.0.0.0')
    expect(said).toContain('http_api.access_tokens.admin')
    expect(said).toContain('MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS=true')
    expect(said).not.toContain('not-a-secret')
  })
})

describe('at its end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s with exit code 0', async (signal) => {
    for (const driver of DRIVERS) {
      const tracker = await started(aDocument({ ...EVERYWHERE, driver }))
      expect(await tracker.stop(signal)).toEqual({ code: 0, signal: null })
    }
  })

  it('waits for a request that has begun, unless a second signal forces it', async () => {
    const timeouts =
      '[http_tracker_server]\nheaders_timeout = 300\nrequest_timeout = 300\n[process]\nshutdown_deadline = 300'
    const tracker = await started(aDocument({ http: ['127.0.0.1:0'], more: timeouts }))
    const socket = await dial(tracker.http[0] ?? '')
    socket.on('error', () => undefined)
    socket.write('GET /announce?info_hash=')
    await ask(tracker.http[0] ?? '', scrapeTarget(anInfoHash()))
    tracker.signal('SIGTERM')
    // Two signals that arrive before the first is handled count as one.
    await tracker.printed((line) => line.includes('SIGTERM'))
    tracker.signal('SIGTERM')
    const { code, signal } = await tracker.ended
    expect(code === 0 && signal === null).toBe(false)
    socket.destroy()
  })

  it('ends what still runs when the deadline has passed', async () => {
    const timeouts =
      '[http_tracker_server]\nheaders_timeout = 300\nrequest_timeout = 300\n[process]\nshutdown_deadline = 1'
    const tracker = await started(aDocument({ http: ['127.0.0.1:0'], more: timeouts }))
    const socket = await dial(tracker.http[0] ?? '')
    socket.on('error', () => undefined)
    socket.write('GET /announce?info_hash=')
    await ask(tracker.http[0] ?? '', scrapeTarget(anInfoHash()))
    // A slow client does not determine the exit code.
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    socket.destroy()
  })

  it('frees its ports at once', async () => {
    const first = await started(aDocument(EVERYWHERE))
    const bound = [...first.udp, ...first.http].map((url) => new URL(url).host)
    await first.stop()
    const again = await started(aDocument({ udp: bound.slice(0, 2), http: bound.slice(2) }))
    expect([...again.udp, ...again.http].map((url) => new URL(url).host)).toEqual(bound)
  })
})

describe('over a restart', () => {
  it.each(DRIVERS)('keeps connection ids valid (BU-22, %s)', async (driver) => {
    const directory = aFolder()
    const document = aDocument({ udp: ['127.0.0.1:0', '[::1]:0'], driver })
    const first = await started(document, { directory })
    const ids = await Promise.all(
      first.udp.map(async (url) => {
        const client = await UdpClient.open(url)
        const id = await client.connectionId()
        client.close()
        return id
      }),
    )
    await first.stop()

    const second = await started(document, { directory })
    for (const [index, url] of second.udp.entries()) {
      const client = await UdpClient.open(url)
      const answer = await client.ask(announceDatagram(ids[index] ?? Buffer.alloc(8), { infoHash: anInfoHash() }))
      expect(answer.readUInt32BE(0)).toBe(1)
      client.close()
    }
  })

  it('rejects the ids of a tracker with another key', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => started(aDocument({ udp: ['127.0.0.1:0'] }))))
    const client = await UdpClient.open(one?.udp[0] ?? '')
    const stranger = await UdpClient.open(other?.udp[0] ?? '')
    const datagram = announceDatagram(await client.connectionId(), { infoHash: anInfoHash() })
    expect((await stranger.ask(datagram)).subarray(8).toString()).toBe('Connection ID mismatch.')
    client.close()
    stranger.close()
  })

  it('keeps the key secret', async () => {
    const directory = aFolder()
    const tracker = await started(aDocument({ udp: ['127.0.0.1:0'] }), { directory })
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files).not.toEqual([])
    for (const { parentPath, name } of files) expect(statSync(join(parentPath, name)).mode & 0o077).toBe(0)
    expect(tracker.lines.join('\n')).not.toMatch(/[0-9a-f]{32}/)
  })
})

// Terminal colours, which the tools strip.
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

function collect(into: Set<string>, line: string, pattern: RegExp): void {
  const found = pattern.exec(line)?.[1]
  if (found !== undefined) into.add(found)
}
