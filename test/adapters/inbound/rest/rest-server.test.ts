import { afterEach, describe, expect, it } from '@jest/globals'
import { RestClient } from '../../../../src/adapters/client/rest-client.ts'
import { closeAll, listen, MANAGER } from './rest-fixture.ts'

afterEach(closeAll)

describe('the management listener', () => {
  it('answers the health check to anybody', async () => {
    const { url } = await listen()
    const response = await fetch(`${url}/api/health_check`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('{"status":"Ok"}')
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  it('smoke', async () => {
    const { url, events } = await listen()
    const client = new RestClient({ url, token: MANAGER })
    expect(await client.call('getStatistics')).toMatchObject({ torrents: 3 })
    expect(await client.call('addToWhitelist', { body: { info_hash: 'AB'.repeat(20) } })).toEqual({
      results: [{ info_hash: 'ab'.repeat(20), status: 'added' }],
    })
    const list = await client.call('exportWhitelist')
    for await (const line of list) expect(line.info_hash).toBe('ab'.repeat(20))
    expect(events).toEqual([])
  })
})
