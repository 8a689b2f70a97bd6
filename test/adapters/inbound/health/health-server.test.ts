import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { probeHttp, probeUdpTracker } from '../../../../src/adapters/client/service-probe.ts'
import { type HealthListener, openHealthListener } from '../../../../src/adapters/inbound/health/health-server.ts'
import type { Outcome, RunningTracker, Service } from '../../../../src/adapters/inbound/health/running-tracker.ts'
import { closeServices, connectReply, freePort, httpService, udpService } from '../../../fixtures/answering-services.ts'
import { exchange } from '../http/http-exchange.ts'

const listeners: HealthListener[] = []

afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close(0)
  await closeServices()
})

/** A ready tracker without services or database; `given` overrides that. */
async function listen(
  given: Partial<RunningTracker> = {},
  ask = { udp: probeUdpTracker, http: probeHttp },
  { host = '127.0.0.1', allowedHosts = ['t'] } = {},
) {
  const faults: Error[] = []
  const tracker: RunningTracker = {
    services: () => [],
    state: () => 'ready',
    hasFailed: () => false,
    isUnderAttack: () => false,
    pingDatabase: undefined,
    ...given,
  }
  const listener = await openHealthListener(
    { host, port: 0, allowedHosts, limitsPrivate: false },
    tracker,
    ask,
    (error) => faults.push(error),
  )
  listeners.push(listener)
  const url = `http://127.0.0.1:${listener.address.port}`
  return { listener, faults, url, get: (path: string, init?: RequestInit) => fetch(`${url}${path}`, init) }
}

interface Answer {
  readonly status: string
  readonly checks: readonly { readonly name: string; readonly status: string }[]
}

async function read(response: Response): Promise<Answer> {
  return JSON.parse(await response.text())
}

async function conditionAt(response: Response) {
  const { status, checks } = await read(response)
  return [response.status, status, checks.map((check) => [check.name, check.status])]
}

function anUdp(port: number, host = '127.0.0.1'): Service {
  return { type: 'udp_tracker', scheme: 'udp', host, port }
}

describe('/health_check', () => {
  it("reports every service in Torrust's words", async () => {
    const udp = await udpService(connectReply)
    const paths: unknown[] = []
    const web = await httpService((request, response) => {
      paths.push(request.url)
      response.end()
    })
    const services: readonly Service[] = [
      { type: 'http_tracker', scheme: 'http', host: '0.0.0.0', port: web },
      { type: 'tracker_rest_api', scheme: 'http', host: '127.0.0.1', port: web },
      anUdp(udp, '0.0.0.0'),
    ]
    const response = await (await listen({ services: () => services })).get('/health_check')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await response.json()).toEqual({
      status: 'Ok',
      message: '',
      details: [
        {
          service_binding: `http://0.0.0.0:${web}/`,
          binding: `0.0.0.0:${web}`,
          service_type: 'http_tracker',
          info: `checking http tracker health check at: http://0.0.0.0:${web}/health_check`,
          result: { Ok: '200 OK' },
        },
        {
          service_binding: `http://127.0.0.1:${web}/`,
          binding: `127.0.0.1:${web}`,
          service_type: 'tracker_rest_api',
          info: `checking api health check at: http://127.0.0.1:${web}/api/health_check`,
          result: { Ok: '200 OK' },
        },
        {
          service_binding: `udp://0.0.0.0:${udp}`,
          binding: `0.0.0.0:${udp}`,
          service_type: 'udp_tracker',
          info: `checking the udp tracker health check at: 0.0.0.0:${udp}`,
          result: { Ok: 'Connected' },
        },
      ],
    })
    expect(paths.sort()).toEqual(['/api/health_check', '/health_check'])
  })

  it('is still 200 when a service is down, and reports it', async () => {
    const port = await freePort()
    const services: readonly Service[] = [
      anUdp(await udpService(connectReply)),
      { type: 'http_tracker', scheme: 'https', host: '::', port },
    ]
    const response = await (await listen({ services: () => services })).get('/health_check')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      status: 'Error',
      message: 'health check failed',
      details: [
        { result: { Ok: 'Connected' } },
        {
          service_binding: `https://[::]:${port}/`,
          binding: `[::]:${port}`,
          info: `checking http tracker health check at: https://[::]:${port}/health_check`,
          result: { Err: `error sending request for url (https://[::1]:${port}/health_check)` },
        },
      ],
    })
  })

  it('reports no services during start-up, nor when there are none', async () => {
    const nothing = { status: 'None', message: '', details: [] }
    const services = () => [anUdp(1)]
    const starting = await listen({ services, state: () => 'starting' })
    expect(await (await starting.get('/health_check')).json()).toEqual(nothing)
    expect(await (await (await listen()).get('/health_check')).json()).toEqual(nothing)
  })

  it('probes once for many concurrent callers', async () => {
    let asked = 0
    const answer = Promise.withResolvers<Outcome>()
    const udp = (): Promise<Outcome> => {
      asked++
      return answer.promise
    }
    const { get } = await listen({ services: () => [anUdp(1)] }, { udp, http: probeHttp })
    const responses = Array.from({ length: 20 }, () => get('/health_check'))
    while (asked === 0) await new Promise(setImmediate)
    answer.resolve({ Ok: 'Connected' })
    for (const response of responses) expect((await read(await response)).status).toBe('Ok')
    expect(asked).toBe(1)
  })
})

describe('/livez', () => {
  it('is 200 until a thread has died', async () => {
    let hasFailed = false
    const { get } = await listen({ hasFailed: () => hasFailed, state: () => 'starting' })
    expect(await conditionAt(await get('/livez'))).toEqual([
      200,
      'live',
      [
        ['event loop', 'ok'],
        ['threads', 'ok'],
      ],
    ])
    hasFailed = true
    expect(await conditionAt(await get('/livez'))).toEqual([
      503,
      'dying',
      [
        ['event loop', 'ok'],
        ['threads', 'failed'],
      ],
    ])
  })
})

describe('/readyz', () => {
  it('is 503 while the tracker starts and while it stops', async () => {
    let state: ReturnType<RunningTracker['state']> = 'starting'
    const { get } = await listen({ state: () => state })
    expect(await conditionAt(await get('/readyz'))).toEqual([503, 'not ready', [['tracker', 'failed']]])
    state = 'ready'
    expect(await conditionAt(await get('/readyz'))).toEqual([200, 'ready', [['tracker', 'ok']]])
    state = 'stopping'
    expect(await conditionAt(await get('/readyz'))).toEqual([503, 'not ready', [['tracker', 'failed']]])
  })

  it('is 503 when a service does not answer', async () => {
    const port = await freePort()
    const { get } = await listen({ services: () => [anUdp(port)] })
    expect(await conditionAt(await get('/readyz'))).toEqual([
      503,
      'not ready',
      [
        ['tracker', 'ok'],
        [`udp_tracker udp://127.0.0.1:${port}`, 'failed'],
      ],
    ])
  })

  it('is as ready as ever under attack, and says so', async () => {
    let isUnderAttack = true
    const { get } = await listen({ isUnderAttack: () => isUnderAttack })
    const checks = [
      ['tracker', 'ok'],
      ['attack', 'ok'],
    ]
    expect(await conditionAt(await get('/readyz'))).toEqual([200, 'ready', checks])
    isUnderAttack = false
    expect(await conditionAt(await get('/readyz'))).toEqual([200, 'ready', [['tracker', 'ok']]])
  })

  it('is degraded but ready when the database is down, without its error', async () => {
    const { get } = await listen({ pingDatabase: () => Promise.reject(new Error('user torrust at db.internal')) })
    const response = await get('/readyz')
    const text = await response.clone().text()
    expect(await conditionAt(response)).toEqual([
      200,
      'degraded',
      [
        ['tracker', 'ok'],
        ['database', 'degraded'],
      ],
    ])
    expect(text).not.toMatch(/torrust|internal/)
  })

  it('is 503 when the database is down at start-up', async () => {
    const { get } = await listen({ state: () => 'starting', pingDatabase: () => Promise.reject(new Error('away')) })
    expect(await conditionAt(await get('/readyz'))).toEqual([
      503,
      'not ready',
      [
        ['tracker', 'failed'],
        ['database', 'failed'],
      ],
    ])
  })

  it('does not wait for a hanging database, and asks it once', async () => {
    let asked = 0
    const askDatabase = (): Promise<void> => {
      asked++
      return new Promise(() => undefined)
    }
    const { get } = await listen({ pingDatabase: askDatabase })
    const responses = await Promise.all([get('/readyz'), get('/readyz')])
    for (const response of responses) expect((await read(response)).status).toBe('degraded')
    expect(asked).toBe(1)
  })
})

describe('the health listener', () => {
  it('answers HEAD without a body, and nothing but GET and HEAD', async () => {
    const { get } = await listen()
    const head = await get('/livez', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await get('/readyz', { method })
      expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, 'GET, HEAD', ''])
    }
  })

  it("has Torrust's empty object at its root, whatever the state", async () => {
    const { get } = await listen({ state: () => 'starting', hasFailed: () => true })
    const response = await get('/')
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '{}',
    ])
    expect((await get('/', { method: 'POST' })).status).toBe(405)
  })

  it('has no other paths and echoes nothing', async () => {
    const { get } = await listen()
    for (const path of ['/announce', '/health_check/%3Cscript%3E', '/readyz/x']) {
      const response = await get(path)
      expect([response.status, await response.text()]).toEqual([404, ''])
    }
    const response = await get('/livez?%3Cscript%3E', { headers: { 'X-Name': '<script>' } })
    expect(await response.text()).not.toContain('script')
    expect([...response.headers.keys()]).not.toContain('access-control-allow-origin')
  })

  it.each([
    ['of HTTP/1.0 without a host', 'GET /livez HTTP/1.0\r\n\r\n', 200],
    ['of HTTP/1.1 without a host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
    ['of more than 8 KiB', `GET /livez?${'x'.repeat(8192)} HTTP/1.1\r\nHost: t\r\n\r\n`, 431],
  ])('answers a request %s with %i', async (_what, bytes, status) => {
    const { listener } = await listen()
    expect((await exchange(listener.address.port, bytes)).status).toBe(status)
  })

  it('closes the connection on input that is not HTTP', async () => {
    const { url, faults } = await listen()
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('not at all\r\n\r\n')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/)
    expect(faults).toEqual([])
  })

  it('reports internal errors, but not to the caller', async () => {
    const { get, faults } = await listen({
      services: () => {
        throw new Error('secret')
      },
    })
    const response = await get('/health_check')
    expect([response.status, await response.text()]).toEqual([500, ''])
    expect(faults.map(({ message }) => message)).toEqual(['secret'])
  })

  it('closes open connections when it is closed', async () => {
    const { listener, url } = await listen()
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    socket.resume()
    await listener.close(0)
    await closed
    await expect(fetch(`${url}/livez`)).rejects.toThrow()
  })
})

describe('the host of a request', () => {
  async function statuses(host: string, allowedHosts: readonly string[], named: readonly string[]) {
    const { listener } = await listen({}, undefined, { host, allowedHosts: [...allowedHosts] })
    const { port } = listener.address
    return Promise.all(
      named.flatMap((name) =>
        ['/livez', '/readyz', '/health_check'].map(async (path) => {
          const sent = request({ host: '127.0.0.1', port, path, headers: { host: name }, agent: false }).end()
          const [response] = await once(sent, 'response')
          response.resume()
          return response.statusCode
        }),
      ),
    )
  }

  it('may not be foreign on loopback', async () => {
    const answers = await statuses('127.0.0.1', ['probe.example'], ['evil.example:1313', '10.0.0.7:1313', 'tracker'])
    expect(new Set(answers)).toEqual(new Set([421]))
    const own = ['127.0.0.1:1313', 'localhost', '[::1]:1313', 'probe.example']
    expect(new Set(await statuses('127.0.0.1', ['probe.example'], own))).toEqual(new Set([200]))
  })

  it("is a pod's address, a service or a container where orchestrators connect", async () => {
    const own = ['10.42.0.17:1313', '[fd00::17]:1313', 'tracker:1313', 'localhost:1313', '127.0.0.1']
    expect(new Set(await statuses('0.0.0.0', [], own))).toEqual(new Set([200]))
    expect(new Set(await statuses('0.0.0.0', [], ['evil.example:1313']))).toEqual(new Set([421]))
  })
})
