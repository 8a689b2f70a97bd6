import { describe, expect, it } from '@jest/globals'
import { allowedTargets, TargetError } from '../../../src/adapters/load/target.ts'

const OWN = ['127.0.0.1', '::1', '10.9.0.2', 'fd00::2', 'fe80::5%eth0']
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['::1', '127.0.0.1'],
  'mine.example': ['10.9.0.2', 'fd00:0:0::2'],
  'link.example': ['fe80::5%eth0'],
  'mapped.example': ['::ffff:10.9.0.2'],
  'elsewhere.example': ['fe80::5%eth1'],
  'anywhere.example': ['fe80::5'],
  'mixed.example': ['127.0.0.1', '192.0.2.7'],
  'tracker.example': ['192.0.2.7'],
}

async function allowed(host: string, ...ownedHosts: readonly string[]): Promise<readonly string[]> {
  const targets = await allowedTargets(
    { url: new URL(`udp://${host}:6969`), port: 6969, ownedHosts },
    {
      resolve: async (name) => NAMES[name] ?? Promise.reject(new Error('not found')),
      ownAddresses: () => OWN,
    },
  )
  return targets.map(({ address }) => address)
}

describe('what may be loaded', () => {
  it('is loopback, whatever its spelling', async () => {
    expect(await allowed('127.0.0.1')).toEqual(['127.0.0.1'])
    expect(await allowed('127.200.3.4')).toEqual(['127.200.3.4'])
    expect(await allowed('[::1]')).toEqual(['::1'])
    expect(await allowed('[::ffff:127.0.0.1]')).toEqual(['127.0.0.1'])
    expect(await allowed('localhost')).toEqual(['127.0.0.1', '::1'])
  })

  it('is an address of an own interface', async () => {
    expect(await allowed('10.9.0.2')).toEqual(['10.9.0.2'])
    expect(await allowed('[fd00::2]')).toEqual(['fd00::2'])
    expect(await allowed('mine.example')).toEqual(['10.9.0.2', 'fd00:0:0::2'])
    expect(await allowed('link.example')).toEqual(['fe80::5%eth0'])
    expect(await allowed('mapped.example')).toEqual(['10.9.0.2'])
  })

  it.each([
    '192.0.2.7',
    '10.9.0.3',
    '0.0.0.0',
    '[::]',
    '[::ffff:192.0.2.7]',
    '[2001:db8::1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::10.9.0.2]',
    '[::127.0.0.1]',
    '[7f00::1]',
    'elsewhere.example',
    'anywhere.example',
    '255.255.255.255',
    'tracker.example',
    'mixed.example',
  ])('is not %s', async (host) => {
    await expect(allowed(host)).rejects.toThrow(TargetError)
    await expect(allowed(host)).rejects.toThrow('--i-own-this-tracker')
  })

  it('is a tracker elsewhere only if its own host is named', async () => {
    expect(await allowed('tracker.example', 'tracker.example')).toEqual(['192.0.2.7'])
    expect(await allowed('[2001:db8::1]', '2001:db8::1')).toEqual(['2001:db8::1'])
    expect(await allowed('tracker.example', 'other.example', 'tracker.example')).toEqual(['192.0.2.7'])
    await expect(allowed('tracker.example', 'other.example')).rejects.toThrow(TargetError)
    await expect(allowed('tracker.example', 'tracker.example.org')).rejects.toThrow(TargetError)
  })

  it('is nothing that cannot be resolved', async () => {
    await expect(allowed('nowhere.example')).rejects.toThrow('nowhere.example cannot be resolved: not found')
  })
})
