import { afterEach, describe, expect, it } from '@jest/globals'
import { get } from '../http/http-exchange.ts'
import { closeAll, listen, MANAGER } from './rest-fixture.ts'

afterEach(closeAll)

const STATS = '/api/v2/stats'

/** A listener, and a function that sends it a token through a proxy on loopback; resolves with the status. */
async function behindProxy(trustedProxies: readonly string[]) {
  const { port } = await listen({ trustedProxies })
  return async (token: string, ...forwardedFor: string[]) => {
    const lines = forwardedFor.map((value) => `X-Forwarded-For: ${value}`)
    return (await get(port, STATS, `Authorization: Bearer ${token}`, ...lines)).status
  }
}

async function repeated(times: number, send: () => Promise<number>) {
  const statuses: number[] = []
  for (let i = 0; i < times; i++) statuses.push(await send())
  return statuses
}

const TEN_REFUSALS = Array.from({ length: 10 }, () => 401)

describe('wrong tokens behind a trusted proxy', () => {
  it.each([
    ['192.0.2.1', '192.0.2.2'],
    ['192.0.2.2, 192.0.2.1', '192.0.2.1, 192.0.2.2'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['192.0.2.1, 10.0.0.1', '192.0.2.3, 10.0.0.1'],
  ])('count for the client: %s and not %s', async (guesser, other) => {
    const send = await behindProxy(['127.0.0.0/8', '10.0.0.0/8'])
    expect(await repeated(10, () => send('wrong', guesser))).toEqual(TEN_REFUSALS)
    expect(await send('wrong', guesser)).toBe(429)
    expect(await send('wrong', other)).toBe(401)
    expect(await send('wrong')).toBe(401)
    expect(await send(MANAGER, guesser)).toBe(200)
  })

  it('count for the proxy when it does not name the client', async () => {
    const send = await behindProxy(['127.0.0.1'])
    expect(await repeated(10, () => send('wrong', 'unknown'))).toEqual(TEN_REFUSALS)
    expect(await send('wrong')).toBe(429)
    expect(await send('wrong', '192.0.2.1')).toBe(401)
  })

  it.each([[[]], [['192.0.2.0/24']]])('count for the sender when only %j is trusted', async (trusted) => {
    const send = await behindProxy(trusted)
    let last = 0
    const pretend = () => send('wrong', `192.0.2.${++last}`)
    expect(await repeated(10, pretend)).toEqual(TEN_REFUSALS)
    expect(await pretend()).toBe(429)
    expect(await send(MANAGER, '192.0.2.1')).toBe(200)
  })
})
