import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from '@jest/globals'
import { newtrackon } from '../../../../src/adapters/cli/doctor/checks/newtrackon.ts'
import { ports } from '../../../../src/adapters/cli/doctor/checks/ports.ts'
import { reachability } from '../../../../src/adapters/cli/doctor/checks/reachability.ts'
import type { Check, ListenerPlan } from '../../../../src/adapters/cli/doctor/examined-tracker.ts'
import { listenerStates } from '../../../../src/adapters/cli/doctor/listener-states.ts'
import { closeServices, connectReply, freePort, httpService, udpService } from '../../../fixtures/answering-services.ts'
import { aListener, examined } from '../../../fixtures/examined-trackers.ts'

afterEach(closeServices)

async function examine(check: Check, ...listeners: readonly ListenerPlan[]) {
  return examined(check, { plan: { listeners }, listeners: await listenerStates(listeners) })
}

function udp(port: number, given: Partial<ListenerPlan> = {}) {
  return aListener({ port, ...given })
}

function http(port: number, given: Partial<ListenerPlan> = {}) {
  return aListener({ option: 'http_trackers.0', kind: 'http', port, ...given })
}

/** Answers connects, and announces with `interval`. */
function anUdpTracker(interval: number) {
  return udpService((request) => {
    if (request.length === 16) return connectReply(request)
    const reply = Buffer.alloc(20)
    reply.writeInt32BE(1)
    request.copy(reply, 4, 12, 16)
    reply.writeInt32BE(interval, 8)
    return reply
  })
}

/** Answers the health check, and announces with `body`. */
async function anHttpTracker(body: string | Uint8Array, status = 200) {
  const targets: string[] = []
  const port = await httpService((request, response) => {
    if (request.url === '/health_check') return void response.end('{"status":"Ok"}')
    targets.push(request.url ?? '')
    response.writeHead(status).end(body)
  })
  return { port, targets }
}

describe('ports', () => {
  it('pass when they are free, and remain free', async () => {
    const plans = [udp(await freePort()), http(await freePort())]
    expect(await examine(ports, ...plans)).toMatchObject([{ verdict: 'ok', message: 'all configured ports are free' }])
    expect(await examine(ports, ...plans)).toMatchObject([{ verdict: 'ok', message: 'all configured ports are free' }])
  })

  it('pass when the tracker uses them', async () => {
    const plans = [udp(await anUdpTracker(1800)), http((await anHttpTracker('de')).port), udp(0)]
    expect(await examine(ports, ...plans)).toMatchObject([
      { verdict: 'ok', message: '2 of 2 configured ports are in use by a running tracker' },
    ])
  })

  it('fail when another program uses them', async () => {
    const otherPort = await httpService((_, response) => void response.writeHead(404).end())
    expect(await examine(ports, http(otherPort))).toEqual([
      {
        verdict: 'fail',
        message: `http://127.0.0.1:${otherPort} (http_trackers.0) is in use by another program`,
        remedy: `ss -Hlnpt 'sport = :${otherPort}' shows which; stop it, or set another bind_address for http_trackers.0`,
      },
    ])
    expect(await examine(ports, http(otherPort, { isOptional: true }))).toMatchObject([{ verdict: 'warn' }])
  })

  it('fail when a program that is not a UDP tracker uses them', async () => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    expect(await examine(ports, udp(socket.address().port))).toMatchObject([
      { verdict: 'fail', remedy: expect.stringMatching(/^ss -Hlnpu /) },
    ])
    socket.close()
  })

  it('fail, in the words of the start, when the tracker may not listen there', async () => {
    const fault = { option: 'udp_trackers.0.bind_address', message: 'no such address', remedy: 'set another' }
    const plan = { listeners: [], addressFaults: async () => [fault] }
    expect(await examined(ports, { plan })).toEqual([
      { verdict: 'fail', message: 'udp_trackers.0.bind_address: no such address', remedy: 'set another' },
    ])
  })

  it('warn when an optional listener has no address to listen on', async () => {
    expect(await examine(ports, udp(6969, { host: '192.0.2.1', isOptional: true }))).toMatchObject([
      { verdict: 'warn', message: 'cannot listen on udp://192.0.2.1:6969 (udp_trackers.0) (EADDRNOTAVAIL)' },
    ])
  })
})

describe('reachability', () => {
  it('is not checked if the tracker is not running', async () => {
    expect(await examine(reachability, udp(await freePort()))).toMatchObject([
      { verdict: 'ok', message: 'the tracker is not running; nothing was checked' },
    ])
  })

  it('passes if every address of the machine answers', async () => {
    expect(await examine(reachability, udp(await anUdpTracker(1800)))).toMatchObject([
      { verdict: 'ok', message: 'the tracker answers at 1 address of this machine' },
    ])
  })

  it('fails at an address that does not answer', async () => {
    const plan = udp(await anUdpTracker(1800), { host: '0.0.0.0' })
    const addresses = () => [
      { address: '127.0.0.1', family: 'IPv4', isLoopback: true } as const,
      { address: '127.0.0.2', family: 'IPv4', isLoopback: true } as const,
    ]
    const listeners = [{ plan, state: 'answers' }] as const
    expect(
      await examined(reachability, { plan: { listeners: [plan] }, listeners, machine: { addresses } }),
    ).toMatchObject([
      { verdict: 'fail', message: expect.stringContaining(`does not answer at 127.0.0.2:${plan.port}`) },
    ])
  })

  it('warns about a listener that the running tracker does not have', async () => {
    const plans = [udp(await anUdpTracker(1800)), http(await freePort())]
    expect(await examine(reachability, ...plans)).toMatchObject([
      { verdict: 'warn', message: expect.stringContaining('does not listen on http://127.0.0.1:') },
    ])
  })
})

describe("newTrackon's rules", () => {
  const GOOD = 'd8:completei0e10:incompletei0e8:intervali1800e5:peers0:e'
  const about = async (body: string | Uint8Array, status = 200) =>
    examine(newtrackon, http((await anHttpTracker(body, status)).port))

  it('are met by a tracker that answers well, and no peer is left behind', async () => {
    const { port, targets } = await anHttpTracker(GOOD)
    expect(await examine(newtrackon, http(port), udp(await anUdpTracker(1800)))).toMatchObject([{ verdict: 'ok' }])
    expect(targets).toEqual([
      '/announce?info_hash=%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~&peer_id=-qB4390-abcdefABCDEF&port=6881&uploaded=0&downloaded=0&left=0&compact=1&ipv6=None&ipv4=198.51.100.1',
      expect.stringMatching(/&event=stopped$/),
    ])
  })

  it.each([60, 299, 10_801])('are violated by an interval of %i s', async (interval) => {
    const found = [
      await examine(newtrackon, udp(await anUdpTracker(interval))),
      await about(`d8:intervali${interval}e5:peers0:e`),
    ]
    for (const findings of found) {
      expect(findings).toMatchObject([
        {
          verdict: 'warn',
          message: expect.stringContaining(`an interval of ${interval} s`),
          remedy: expect.stringContaining('interval = 1800'),
        },
      ])
    }
  })

  it.each([
    ['a status other than 200', GOOD, 500, 'NT-04'],
    ['no dictionary', 'le', 200, 'NT-04'],
    ['an empty dictionary', 'de', 200, 'NT-04'],
    ['a failure', 'd14:failure reason2:noe', 200, 'NT-04'],
    ['no peers', 'd8:intervali1800ee', 200, 'NT-04'],
    ['no interval', 'd5:peers0:e', 200, 'NT-03'],
    ['an external ip that is not an address', 'd11:external ip3:abc8:intervali1800e5:peers0:e', 200, 'NT-06'],
    ['text that is not UTF-8', Buffer.from('d8:intervali1800e5:peers0:10:tracker id1:\xffe', 'latin1'), 200, 'NT-06'],
  ])('are violated by %s', async (_, body, status, rule) => {
    expect(await about(body, status)).toMatchObject([
      { verdict: 'fail', message: expect.stringContaining(`(${rule})`) },
    ])
  })

  it('are violated by a UDP tracker that answers connects only', async () => {
    const port = await udpService((request) =>
      request.length === 16 ? connectReply(request) : Buffer.from('nonsense'),
    )
    expect(await examine(newtrackon, udp(port))).toMatchObject([
      { verdict: 'fail', message: expect.stringContaining('(NT-05)') },
    ])
  })

  it('require a host name and the usual path', async () => {
    const plans = [
      udp(0, { publicUrl: 'udp://192.0.2.1:6969/announce' }),
      http(0, { publicUrl: 'https://tracker.example.org/a/announce' }),
      http(0, { publicUrl: 'https://tracker.example.org/announce' }),
    ]
    expect(await examine(newtrackon, ...plans)).toMatchObject([
      { verdict: 'warn', message: expect.stringMatching(/^udp_trackers\.0\.public_url is an IP address/) },
      { verdict: 'warn', message: expect.stringMatching(/^http_trackers\.0\.public_url has another path/) },
    ])
  })

  it('do not apply to private or listed trackers', async () => {
    const listeners = [{ plan: udp(await anUdpTracker(1)), state: 'answers' }] as const
    expect(await examined(newtrackon, { plan: { isOpen: false }, listeners })).toMatchObject([{ verdict: 'ok' }])
  })
})
