import { describe, expect, it } from '@jest/globals'
import { alertWebhook } from '../../../../src/adapters/cli/doctor/checks/alert-webhook.ts'
import { clock } from '../../../../src/adapters/cli/doctor/checks/clock.ts'
import { connectionTracking } from '../../../../src/adapters/cli/doctor/checks/connection-tracking.ts'
import { fileLimit } from '../../../../src/adapters/cli/doctor/checks/file-limit.ts'
import { hugePages } from '../../../../src/adapters/cli/doctor/checks/huge-pages.ts'
import { ipv6 } from '../../../../src/adapters/cli/doctor/checks/ipv6.ts'
import { kernelBuffers } from '../../../../src/adapters/cli/doctor/checks/kernel-buffers.ts'
import { memory } from '../../../../src/adapters/cli/doctor/checks/memory.ts'
import { THIS_MACHINE } from '../../../../src/adapters/cli/doctor/this-machine.ts'
import { aListener, examined, verdicts } from '../../../fixtures/examined-trackers.ts'

const MACHINE_CHECKS = { alertWebhook, clock, connectionTracking, fileLimit, hugePages, ipv6, kernelBuffers, memory }

describe('a healthy machine', () => {
  it.each(Object.entries(MACHINE_CHECKS))('passes: %s', async (_, check) => {
    expect(await verdicts(check)).toEqual(['ok'])
  })

  it.each(Object.entries(MACHINE_CHECKS))('passes even if it reports nothing about itself: %s', async (_, check) => {
    const machine = { read: () => undefined, run: async () => undefined }
    expect(await verdicts(check, { machine })).toEqual(['ok'])
  })
})

describe('kernel buffers', () => {
  it('warn one by one when they are smaller than configured', async () => {
    const files = { '/proc/sys/net/core/rmem_max': '212992\n' }
    expect(await examined(kernelBuffers, { machine: { files } })).toEqual([
      {
        verdict: 'warn',
        message:
          'net.core.rmem_max is 208 KiB, but the settings ask for 8 MiB: bursts of datagrams are dropped unless the tracker has CAP_NET_ADMIN',
        remedy: expect.stringContaining('sysctl -w net.core.rmem_max=8388608'),
      },
    ])
    const both = { ...files, '/proc/sys/net/core/wmem_max': '212992\n' }
    expect(await verdicts(kernelBuffers, { machine: { files: both } })).toEqual(['warn', 'warn'])
  })

  it('do not matter without UDP', async () => {
    const files = { '/proc/sys/net/core/rmem_max': '1\n' }
    expect(await verdicts(kernelBuffers, { machine: { files }, plan: { listeners: [] } })).toEqual(['ok'])
  })
})

describe('the limit on open files', () => {
  it('must have room for all connections and other files', async () => {
    const limits = (hard: string) => ({ files: { '/proc/self/limits': `Max open files  1024  ${hard}  files` } })
    expect(await verdicts(fileLimit, { machine: limits('11500') })).toEqual(['ok'])
    expect(await verdicts(fileLimit, { machine: limits('unlimited') })).toEqual(['ok'])
    expect(await examined(fileLimit, { machine: limits('4096') })).toMatchObject([
      { verdict: 'warn', remedy: expect.stringContaining('LimitNOFILE=11500') },
    ])
  })
})

describe('the webhook for alerts', () => {
  const plan = { alertHost: 'alerts.example.org' }

  it('warns if its host is unknown', async () => {
    const machine = { lookUp: async () => 'ENOTFOUND' }
    expect(await examined(alertWebhook, { plan, machine })).toEqual([
      {
        verdict: 'warn',
        message: 'alerts cannot be delivered: alerts.example.org cannot be resolved (ENOTFOUND)',
        remedy: expect.stringContaining('attack.alert_webhook'),
      },
    ])
    expect(await verdicts(alertWebhook, { plan })).toEqual(['ok'])
    expect(await verdicts(alertWebhook, { machine })).toEqual(['ok'])
  })

  it('may be an address, and a name that nothing has is not found', async () => {
    expect(await THIS_MACHINE.lookUp('::1')).toBeUndefined()
    expect(await THIS_MACHINE.lookUp('127.0.0.1')).toBeUndefined()
    expect(await THIS_MACHINE.lookUp('no-such-name.invalid')).toMatch(/^E/)
  })
})

describe('connection tracking', () => {
  const table = (max: number, count: number) => ({
    files: {
      '/proc/sys/net/netfilter/nf_conntrack_max': `${max}\n`,
      '/proc/sys/net/netfilter/nf_conntrack_count': `${count}\n`,
    },
  })

  it('passes with a large table that is half empty', async () => {
    expect(await verdicts(connectionTracking, { machine: table(2_000_000, 1_000_000) })).toEqual(['ok'])
  })

  it('warns when the table is small or fills up', async () => {
    for (const machine of [table(262_144, 10), table(2_000_000, 1_000_001)]) {
      expect(await examined(connectionTracking, { machine })).toMatchObject([
        {
          verdict: 'warn',
          remedy: expect.stringContaining('iptables -t raw -A PREROUTING -p udp --dport 6969 -j NOTRACK'),
        },
      ])
    }
  })
})

describe('huge pages', () => {
  it('should not be off', async () => {
    const files = { '/sys/kernel/mm/transparent_hugepage/enabled': 'always madvise [never]\n' }
    expect(await verdicts(hugePages, { machine: { files } })).toEqual(['warn'])
  })
})

describe('memory', () => {
  const group = (limit: string) => ({
    files: { '/sys/fs/cgroup/system.slice/muster.service/memory.max': `${limit}\n` },
  })

  it('must hold the configured budget, in the control group too', async () => {
    expect(await examined(memory, { machine: group('536870912') })).toMatchObject([
      { verdict: 'fail', message: expect.stringMatching(/^the control group has 512 MiB, less than/) },
    ])
    expect(await examined(memory, { machine: { memoryBytes: () => 2 ** 29 } })).toMatchObject([
      { verdict: 'fail', message: expect.stringMatching(/^the machine has 512 MiB, less than/) },
    ])
  })

  it('should leave room for everything else', async () => {
    expect(await verdicts(memory, { machine: group('1100000000') })).toEqual(['warn'])
  })
})

describe('the clock', () => {
  it('must be in this century, and should be synchronized', async () => {
    expect(await verdicts(clock, { machine: { now: () => new Date(0) } })).toEqual(['fail'])
    expect(await verdicts(clock, { machine: { run: async () => 'no\n' } })).toEqual(['warn'])
  })
})

describe('IPv6', () => {
  const PUBLIC = [{ address: '2001:db8::1', family: 'IPv6', isLoopback: false }] as const

  it('should be served if the machine has a public address', async () => {
    const machine = { addresses: () => PUBLIC }
    expect(await verdicts(ipv6, { machine })).toEqual(['warn'])
    expect(await verdicts(ipv6, { machine, plan: { listeners: [aListener({ host: '::' })] } })).toEqual(['ok'])
  })

  it('cannot be served if the machine has none', async () => {
    const plan = { listeners: [aListener({ host: '::' })] }
    expect(await verdicts(ipv6, { plan, machine: { addresses: () => [] } })).toEqual(['warn'])
  })
})

describe('this machine', () => {
  it('can be examined', async () => {
    expect(THIS_MACHINE.read('/nowhere')).toBeUndefined()
    expect(await THIS_MACHINE.run('a-program-that-is-not-there')).toBeUndefined()
    expect(await THIS_MACHINE.run(process.execPath, '--version')).toBe(`${process.version}\n`)
    expect(THIS_MACHINE.addresses()).toContainEqual({ address: '127.0.0.1', family: 'IPv4', isLoopback: true })
    for (const check of Object.values(MACHINE_CHECKS)) {
      const findings = await check({
        plan: (await import('../../../fixtures/examined-trackers.ts')).aPlan(),
        machine: THIS_MACHINE,
        listeners: [],
      })
      expect(findings).not.toEqual([])
    }
  })
})
