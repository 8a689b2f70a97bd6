import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen()
  return { ports, run: apiLine(url, MANAGER) }
}

const SHOWN = [
  'Address\t192.0.2.1',
  'Since\t2023-11-14T22:13:20Z',
  'Until\t2023-11-14T22:18:20Z',
  'Lines\t0',
  'Maximum of lines\t1000',
  'Dropped lines\t0',
  '',
].join('\n')

describe('muster trace', () => {
  it('starts a trace with default limits, shows it and stops it', async () => {
    const { run } = await tracker()
    expect(await run('trace 192.0.2.1')).toEqual({ exitCode: 0, out: SHOWN, err: '' })
    expect(await run('trace')).toEqual({ exitCode: 0, out: SHOWN, err: '' })
    expect(JSON.parse((await run('trace --json')).out)).toMatchObject({ address: '192.0.2.1', max_lines: 1000 })
    expect(await run('trace --stop')).toEqual({ exitCode: 0, out: 'the trace has ended\n', err: '' })
  })

  it('takes limits', async () => {
    const { ports, run } = await tracker()
    await run('trace 2001:db8::1/64 --for 90s --lines 5')
    expect(ports.traces.started).toMatchObject([{ clients: { text: '2001:db8::/64' }, seconds: 90, maxLines: 5 }])
  })

  it.each(['trace', 'trace --stop'])('fails if there is none: %s', async (line) => {
    const { run } = await tracker()
    expect(await run(line)).toEqual({ exitCode: 1, out: '', err: 'No client is being traced.\n' })
  })

  it.each([
    'trace 192.0.2.1 --for 2h',
    'trace 192.0.2.1 --for forever',
    'trace 192.0.2.1 --for 5',
    'trace 192.0.2.1 --lines 0',
    'trace 192.0.2.1 --stop',
    'trace --stop --for 5m',
    'trace --lines 5',
  ])('makes no sense: %s', async (line) => {
    const { ports, run } = await tracker()
    expect((await run(line)).exitCode).toBe(2)
    expect(ports.traces.started).toEqual([])
  })

  it('reports an address that the tracker cannot follow', async () => {
    const { run } = await tracker()
    const { exitCode, err } = await run('trace 192.0.2.0/24')
    expect(exitCode).toBe(1)
    expect(err).toContain('address: must be an IPv4 address, an IPv6 address, or an IPv6 /64')
  })
})
