// Listeners on Unix domain sockets: who may connect, what is replaced, and what is removed.

import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { decodeMap } from '../fixtures/bencode.ts'
import { API_TOKEN, aDocument } from './documents.ts'
import { type StartOptions, TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

const trackers: TrackerProcess[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-unix-'))
})
afterEach(async () => {
  for (const tracker of trackers.splice(0)) await tracker[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function start(document: string, options?: StartOptions): Promise<TrackerProcess> {
  const tracker = await TrackerProcess.start(document, options)
  trackers.push(tracker)
  return tracker
}

async function refused(document: string): Promise<string> {
  const tracker = new TrackerProcess(document)
  trackers.push(tracker)
  expect((await tracker.ended).code).toBe(1)
  return [...tracker.lines, tracker.errors].join('\n')
}

function at(path: string, more = ''): string {
  return aDocument({ more: `[[http_trackers]]\nbind_address = "unix:${path}"\n${more}` })
}

/** The bytes of the answer, as text. */
async function get(socketPath: string, path: string, headers = {}): Promise<string> {
  const answer = await new Promise<Buffer>((resolve, reject) => {
    request({ socketPath, path, agent: false, headers }, (response) => buffer(response).then(resolve, reject))
      .on('error', reject)
      .end()
  })
  return answer.toString('latin1')
}

const TARGET = announceTarget(anInfoHash())

/** The client's own address, or why the announce failed. */
async function announced(socketPath: string, forwarded?: string): Promise<string> {
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }
  const reply = decodeMap(Buffer.from(await get(socketPath, TARGET, headers), 'latin1'))
  const external = reply.get('external ip')
  return String(reply.get('failure reason') ?? [...Buffer.from(String(external), 'latin1')].join('.'))
}

describe('a tracker on a Unix domain socket', () => {
  it('lists the clients that X-Forwarded-For names, and no other', async () => {
    const path = join(folder, 'http.sock')
    const tracker = await start(at(path))
    expect(tracker.http).toEqual([`http://unix:${path}`])
    expect(await announced(path, '9.9.9.9')).toBe('9.9.9.9')
    expect(await announced(path, '66.6.6.6, 9.9.9.9')).toBe('9.9.9.9')
    expect(await announced(path)).toMatch(/address/)
    expect(await get(path, '/health_check')).toBe('{"status":"Ok"}')
  })

  it('has the mode that is configured, 0660 by default, and is removed at the end', async () => {
    const [one, other] = [join(folder, 'one.sock'), join(folder, 'other.sock')]
    const more = `socket_mode = "0666"\n[[http_trackers]]\nbind_address = "unix:${other}"`
    const tracker = await start(at(one, more))
    expect([one, other].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['666', '660'])
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    expect([one, other].filter(existsSync)).toEqual([])
  })

  it('serves the APIs too, and is healthy', async () => {
    const [api, health, http] = ['api', 'health', 'http'].map((name) => join(folder, `${name}.sock`))
    if (api === undefined || health === undefined || http === undefined) throw new Error('no paths')
    const apis = `[http_api]\nbind_address = "unix:${api}"\naccess_tokens = { admin = "${API_TOKEN}" }
      [health_check_api]\nbind_address = "unix:${health}"`
    await start(aDocument({ more: `[[http_trackers]]\nbind_address = "unix:${http}"\n${apis}` }))
    expect(await get(api, `/api/v1/stats?token=${API_TOKEN}`)).toContain('"torrents":')
    const report: { readonly status: string; readonly details: readonly { readonly service_binding: string }[] } =
      JSON.parse(await get(health, '/health_check'))
    expect(report.status).toBe('Ok')
    expect(report.details.map(({ service_binding: binding }) => binding)).toEqual([
      `http://unix:${http}/`,
      `http://unix:${api}/`,
    ])
    const asked = new TrackerProcess(undefined, { args: ['health', `unix:${health}`] })
    expect(await asked.ended).toEqual({ code: 0, signal: null })
  })

  it('replaces the socket of a process that was killed', async () => {
    const path = join(folder, 'http.sock')
    const first = await start(at(path))
    await first.stop('SIGKILL')
    expect(existsSync(path)).toBe(true)
    await start(at(path))
    expect(await announced(path, '9.9.9.9')).toBe('9.9.9.9')
  })

  it('does not replace a socket that is in use, and says whose it is', async () => {
    const path = join(folder, 'http.sock')
    const { pid } = await start(at(path))
    const output = await refused(at(path))
    expect(output).toContain(
      `cannot listen on http://unix:${path}: the address is in use by the Muster of process ${pid}`,
    )
    expect(await announced(path, '9.9.9.9')).toBe('9.9.9.9')
  })

  it('does not replace the socket of another program, nor a file that is none', async () => {
    const path = join(folder, 'http.sock')
    const server = createServer().listen(path)
    expect(await refused(at(path))).toContain(`the address is in use by another program, process ${process.pid}`)
    server.close()
    writeFileSync(join(folder, 'file'), 'kept')
    const output = await refused(at(join(folder, 'file')))
    expect(output).toContain('http_trackers.0.bind_address: ')
    expect(output).toContain(`${join(folder, 'file')} is not a socket, and is not replaced`)
  })

  it('needs a folder and a group that exist', async () => {
    const missing = join(folder, 'missing', 'http.sock')
    const output = await refused(at(missing, 'socket_group = "no-such-group"'))
    expect(output).toContain(
      `http_trackers.0.bind_address: cannot listen on http://unix:${missing}: there is no folder`,
    )
    expect(output).toContain('http_trackers.0.socket_group: there is no group no-such-group')
  })

  it('hands its path to the tracker that takes over, without a gap', async () => {
    const path = join(folder, 'http.sock')
    const directory = mkdtempSync(join(folder, 'data-'))
    chmodSync(directory, 0o700)
    const first = await start(at(path), { directory })
    let isOver = false
    const failures: string[] = []
    const client = (async () => {
      for (let count = 0; !isOver || count === 0; count++) {
        const outcome = await announced(path, '9.9.9.9').catch((error: Error) => error.message)
        if (outcome !== '9.9.9.9') failures.push(outcome)
      }
    })()
    await start(at(path), { directory, args: ['serve', '--take-over'] })
    expect(await first.ended).toEqual({ code: 0, signal: null })
    isOver = true
    await client
    expect(failures).toEqual([])
    expect(await announced(path, '9.9.9.9')).toBe('9.9.9.9')
  })
})
