// The health of a running tracker, as orchestrators, Torrust's tools and `muster health` see it.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from '@jest/globals'
import { closeServices, httpService } from '../fixtures/answering-services.ts'
import { aDocument } from './documents.ts'
import { ROOT, TrackerProcess } from './tracker-process.ts'

const HEALTH = '[health_check_api]\nbind_address = "127.0.0.1:0"'
const EVERYWHERE = { udp: ['0.0.0.0:0', '[::1]:0'], http: ['127.0.0.1:0', '[::]:0'], more: HEALTH }
const trackers: TrackerProcess[] = []

afterEach(async () => {
  for (const tracker of trackers.splice(0)) await tracker[Symbol.asyncDispose]()
  await closeServices()
})

async function run(url: string, ...words: readonly string[]) {
  const args = [join(ROOT, 'src/config/main.ts'), 'health', url, ...words]
  return promisify(execFile)(process.execPath, args).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}

async function ready(document: string) {
  const tracker = await TrackerProcess.start(document)
  trackers.push(tracker)
  await tracker.printed((line) => line.includes('the tracker is ready'))
  const line = tracker.log.find(({ target, msg }) => target === 'HEALTH CHECK API' && msg.startsWith('Started on: '))
  return { tracker, url: /^Started on: (http:\/\/127\.0\.0\.1:\d+\/health_check)$/.exec(line?.msg ?? '')?.[1] ?? '' }
}

describe('the health of a running tracker', () => {
  it('is reported for every listener, probed over its own protocol', async () => {
    const { tracker, url } = await ready(aDocument(EVERYWHERE))
    const { status, details } = JSON.parse(await (await fetch(url)).text())
    expect(status).toBe('Ok')
    expect(details.map((detail: Record<string, unknown>) => [detail['service_binding'], detail['result']])).toEqual([
      ...tracker.udp.map((binding) => [binding, { Ok: 'Connected' }]),
      ...tracker.http.map((binding) => [`${binding}/`, { Ok: '200 OK' }]),
    ])
    for (const page of ['livez', 'readyz']) expect((await fetch(new URL(`/${page}`, url))).status).toBe(200)
  })

  it('determines the exit code of `muster health`', async () => {
    const { tracker, url } = await ready(aDocument(EVERYWHERE))
    const { code, stdout, stderr } = await run(url)
    expect([code, stdout.split('\n').length, stderr]).toEqual([0, 5, ''])
    expect(await run(url, '--ready')).toMatchObject({ code: 0 })
    expect(await run(url, '--live')).toMatchObject({ code: 0 })
    await tracker.stop()
    expect(await run(url)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('does not answer') })
  })

  it('makes the start fail if its address is configured and in use', async () => {
    const port = await httpService(() => undefined)
    const tracker = new TrackerProcess(aDocument({ udp: ['127.0.0.1:0'], more: HEALTH.replace(':0', `:${port}`) }))
    trackers.push(tracker)
    expect((await tracker.ended).code).toBe(1)
    expect(tracker.lines.join('\n')).toContain(`cannot listen on http://127.0.0.1:${port}: the address is in use`)
  })
})
