import { afterEach, describe, expect, it } from '@jest/globals'
import { askHealth } from '../../../../src/adapters/cli/health/ask-health.ts'
import type { HealthOptions } from '../../../../src/adapters/cli/health/command.ts'
import { closeServices, freePort, httpService } from '../../../fixtures/answering-services.ts'

afterEach(closeServices)

async function ask(
  options: Partial<Omit<HealthOptions, 'configFile'>>,
  { isTerminal = false, env = {} }: { isTerminal?: boolean; env?: Record<string, string> } = {},
) {
  let [out, err] = ['', '']
  const exitCode = await askHealth(
    { url: undefined, question: 'services', asJson: false, ...options },
    {
      out: (text) => {
        out += text
      },
      err: (text) => {
        err += text
      },
      isTerminal,
      columns: 80,
      env,
    },
  )
  return { exitCode, out, err }
}

/** A health API that serves `body` at `path`, and nothing elsewhere. */
async function answering(path: string, body: unknown, status = 200): Promise<string> {
  const port = await httpService((request, response) => {
    response.writeHead(request.url === path ? status : 404).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  return `http://127.0.0.1:${port}`
}

function aService(type: string, url: string, result: { Ok: string } | { Err: string }) {
  return {
    service_binding: url,
    binding: '0.0.0.0:1',
    service_type: type,
    info: '',
    result,
  }
}

const UDP = aService('udp_tracker', 'udp://0.0.0.0:6969', { Ok: 'Connected' })
const HTTP = aService('http_tracker', 'http://0.0.0.0:7070/', { Err: '503 Service Unavailable' })

describe('muster health', () => {
  it('lists the services and exits with 0 if all are healthy', async () => {
    const url = await answering('/health_check', { status: 'Ok', message: '', details: [UDP] })
    const expected = { exitCode: 0, out: 'ok\tudp_tracker udp://0.0.0.0:6969\tConnected\n', err: '' }
    expect(await ask({ url: `${url}/health_check` })).toEqual(expected)
    expect(await ask({ url })).toEqual(expected)
    expect(await ask({}, { env: { MUSTER_HEALTH_URL: url } })).toEqual(expected)
  })

  it('shows the public URL of a service that has one', async () => {
    const known = { ...UDP, public_url: 'udp://tracker.example.org:6969' }
    const url = await answering('/health_check', {
      status: 'Ok',
      message: '',
      details: [known, { ...UDP, public_url: 7 }],
    })
    expect(await ask({ url })).toEqual({
      exitCode: 0,
      out: 'ok\tudp_tracker udp://0.0.0.0:6969 (udp://tracker.example.org:6969)\tConnected\nok\tudp_tracker udp://0.0.0.0:6969\tConnected\n',
      err: '',
    })
  })

  it('reports how many failed and exits with 1', async () => {
    const url = await answering('/health_check', {
      status: 'Error',
      message: 'health check failed',
      details: [UDP, HTTP],
    })
    expect(await ask({ url })).toEqual({
      exitCode: 1,
      out: 'ok\tudp_tracker udp://0.0.0.0:6969\tConnected\nfailed\thttp_tracker http://0.0.0.0:7070/\t503 Service Unavailable\n',
      err: '1 of 2 services failed.\n',
    })
  })

  it('shows a table on a terminal', async () => {
    const url = await answering('/health_check', { status: 'Ok', message: '', details: [UDP] })
    const { out } = await ask({ url }, { isTerminal: true })
    expect(out).toMatch(/│ ok │ udp_tracker udp:\/\/0\.0\.0\.0:6969 │ Connected │/)
  })

  it('prints the answer unchanged with --json', async () => {
    const answer = { status: 'None', message: '', details: [] }
    const url = await answering('/health_check', answer)
    expect(await ask({ url, asJson: true })).toEqual({
      exitCode: 1,
      out: `${JSON.stringify(answer)}\n`,
      err: 'No service is running yet.\n',
    })
  })

  it.each([
    ['ready', '/readyz', 'degraded', 200, 0, ''],
    ['ready', '/readyz', 'not ready', 503, 1, 'The tracker is not ready.\n'],
    ['live', '/livez', 'live', 200, 0, ''],
    ['live', '/livez', 'dying', 503, 1, 'The tracker is dying.\n'],
  ] as const)('asks %s at %s and understands %s', async (question, path, status, code, exitCode, err) => {
    const checks = [{ name: 'tracker', status: 'ok', message: 'it is' }]
    const url = await answering(path, { status, checks }, code)
    expect(await ask({ url: `${url}/health_check`, question })).toEqual({ exitCode, out: 'ok\ttracker\tit is\n', err })
  })

  it('exits with 1 if there is no answer, or one of another program', async () => {
    const gone = `http://127.0.0.1:${await freePort()}`
    expect(await ask({ url: gone })).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringContaining(`${gone}/health_check does not answer: connect ECONNREFUSED`),
    })
    const other = await answering('/health_check', '<html>')
    expect(await ask({ url: other })).toMatchObject({
      exitCode: 1,
      err: `${other}/health_check is not the health API of a tracker.\n`,
    })
  })

  it('rejects other kinds of URL', async () => {
    for (const url of ['localhost:1313', 'udp://127.0.0.1:1313', 'http://user@127.0.0.1:1313/']) {
      expect(await ask({ url })).toMatchObject({ exitCode: 2, out: '' })
    }
  })

  it('replaces control characters in an answer', async () => {
    const url = await answering('/health_check', {
      status: 'Ok',
      message: '',
      details: [aService('a\u001b[2J', 'b\nc', { Ok: 'd\u202e' })],
    })
    expect((await ask({ url })).out).toBe('ok\ta?[2J b?c\td?\n')
  })
})
