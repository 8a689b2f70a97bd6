import { describe, expect, it } from '@jest/globals'
import { anApp, READER } from '../rest-fixture.ts'

const URL = '/api/v2/trace'
const STARTED = {
  address: '192.0.2.1',
  started_at: '2023-11-14T22:13:20Z',
  ends_at: '2023-11-14T22:18:20Z',
  max_lines: 1000,
  lines: 0,
  dropped_lines: 0,
}

describe('the client trace', () => {
  it('does not run at first', async () => {
    const { ask } = anApp()
    for (const method of ['GET', 'DELETE']) {
      const response = await ask(URL, { method })
      expect([response.status, await response.json()]).toMatchObject([404, { code: 'not-there' }])
    }
  })

  it('is started with limits, shown and stopped', async () => {
    const { ask, ports } = anApp()
    const started = await ask(URL, { method: 'PUT', json: { address: '192.0.2.1' } })
    expect([started.status, await started.json()]).toEqual([200, STARTED])
    expect(await (await ask(URL, { token: READER })).json()).toEqual(STARTED)
    expect((await ask(URL, { method: 'DELETE' })).status).toBe(204)
    expect((await ask(URL)).status).toBe(404)
    expect(ports.traces.started).toMatchObject([{ seconds: 300, maxLines: 1000 }])
  })

  it('is replaced by another', async () => {
    const { ask } = anApp()
    await ask(URL, { method: 'PUT', json: { address: '192.0.2.1' } })
    const json = { address: '2001:DB8:0::7/64', seconds: 3600, max_lines: 10_000 }
    await ask(URL, { method: 'PUT', json })
    expect(await (await ask(URL)).json()).toMatchObject({
      address: '2001:db8::/64',
      ends_at: '2023-11-14T23:13:20Z',
      max_lines: 10_000,
    })
  })

  it('needs a token that may change things', async () => {
    const { ask, ports } = anApp()
    expect((await ask(URL, { method: 'PUT', json: { address: '192.0.2.1' }, token: READER })).status).toBe(403)
    expect((await ask(URL, { method: 'DELETE', token: READER })).status).toBe(403)
    expect(ports.traces.started).toEqual([])
  })

  it.each([
    [{}],
    [{ address: '' }],
    [{ address: '192.0.2.0/24' }],
    [{ address: '2001:db8::/48' }],
    [{ address: 7 }],
    [{ address: '192.0.2.1', seconds: 0 }],
    [{ address: '192.0.2.1', seconds: 3601 }],
    [{ address: '192.0.2.1', seconds: null }],
    [{ address: '192.0.2.1', max_lines: 0 }],
    [{ address: '192.0.2.1', max_lines: 10_001 }],
    [{ address: '192.0.2.1', lines: 1 }],
  ])('is not started by %j', async (json) => {
    const { ask, ports } = anApp()
    expect((await ask(URL, { method: 'PUT', json })).status).toBe(400)
    expect(ports.traces.started).toEqual([])
  })
})
