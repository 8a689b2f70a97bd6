// Every port is claimed before any serves: a port that is not to be had ends the start, and no client was answered.

import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { closeServices, freePort, httpService } from '../fixtures/answering-services.ts'
import { API_TOKEN, aDocument } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'

afterEach(closeServices)

const BOTH = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }
const TAKE_OVER = { args: ['serve', '--take-over'] }

function apiOn(port: number): string {
  return `[http_api]\nbind_address = "127.0.0.1:${port}"\naccess_tokens = { admin = "${API_TOKEN}" }`
}

function healthOn(port: number): string {
  return `[health_check_api]\nbind_address = "127.0.0.1:${port}"`
}

const IN_USE = 'the address is in use'

async function expectRefusal(tracker: TrackerProcess, port: number, reason = IN_USE): Promise<void> {
  expect(await tracker.ended).toEqual({ code: 1, signal: null })
  const errors = tracker.log.filter(({ level }) => level === 'ERROR').map(({ msg }) => msg)
  expect(errors).toEqual([expect.stringContaining(`cannot listen on http://127.0.0.1:${port}: ${reason}`)])
  expect([tracker.udp, tracker.http]).toEqual([[], []])
}

describe('a port that is taken', () => {
  it('ends the start before anything serves when the management API wants it', async () => {
    const port = await httpService((_, response) => response.end())
    await expectRefusal(launched(aDocument({ ...BOTH, more: apiOn(port) })), port)
  })

  it('ends the start before anything serves when the health API wants it', async () => {
    const port = await httpService((_, response) => response.end())
    await expectRefusal(launched(aDocument({ ...BOTH, more: healthOn(port) })), port)
  })

  it.each([
    ['http_trackers.0', 'the management API', (port: number) => ({ http: [`127.0.0.1:${port}`], more: apiOn(port) })],
    ['http_api', 'the health API', (port: number) => ({ more: `${apiOn(port)}\n${healthOn(port)}` })],
    ['http_trackers.0', 'the health API', (port: number) => ({ http: [`127.0.0.1:${port}`], more: healthOn(port) })],
  ])('is one that %s and %s both want', async (other, _, partsOn) => {
    const port = await freePort()
    const reason = `${other} (http://127.0.0.1:${port}) has this port already`
    await expectRefusal(launched(aDocument({ udp: ['127.0.0.1:0'], ...partsOn(port) })), port, reason)
  })
})

describe('a port of another Muster', () => {
  it.each(['udp', 'http'] as const)(
    'over %s is refused with its process, its directory and how to replace it',
    async (kind) => {
      const [directory, elsewhere] = [aFolder(), aFolder()]
      const first = await ready(aDocument(BOTH), { directory })
      const url = first[kind][0]
      const second = launched(aDocument({ [kind]: [url.replace(/^.*\/\//, '')] }), { directory: elsewhere })
      expect(await second.ended).toEqual({ code: 1, signal: null })
      const errors = second.log.filter(({ level }) => level === 'ERROR').map(({ msg }) => msg)
      const data = join(directory, 'storage/tracker/lib')
      expect(errors).toEqual([
        `cannot listen on ${url}: the address is in use by the Muster of process ${first.pid}, which serves from ${data}: stop it, use another port, or replace it (muster serve --take-over with process.data_directory = "${data}") (EADDRINUSE)`,
      ])
      expect(await first.stop()).toEqual({ code: 0, signal: null })
    },
  )
})

describe('a take-over', () => {
  it('gets the ports of the management API and the health API too', async () => {
    const directory = aFolder()
    const more = `${apiOn(await freePort())}\n${healthOn(await freePort())}`
    const old = await ready(aDocument({ ...BOTH, more }), { directory })
    const next = await ready(aDocument({ ...BOTH, more }), { directory, ...TAKE_OVER })
    expect(await old.ended).toEqual({ code: 0, signal: null })
    expect(next.api).toBe(old.api)
    expect((await fetch(`${next.api}/api/v1/stats?token=${API_TOKEN}`)).status).toBe(200)
    expect(await next.stop()).toEqual({ code: 0, signal: null })
  })

  it.each([
    ['management', apiOn],
    ['health', healthOn],
  ])('does not begin when another program has the port of the %s API', async (_, on) => {
    const directory = aFolder()
    const old = await ready(aDocument(BOTH), { directory })
    const port = await httpService((__, response) => response.end())
    await expectRefusal(launched(aDocument({ ...BOTH, more: on(port) }), { directory, ...TAKE_OVER }), port)
    expect(old.isRunning).toBe(true)
    expect(await old.stop()).toEqual({ code: 0, signal: null })
  })
})
