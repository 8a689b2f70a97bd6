// contrib/systemd/muster.service, parsed like systemd parses units, and checked by systemd itself if it is installed.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'

const unit = readFileSync('contrib/systemd/muster.service', 'utf8')

/** `Section.Name` and value of each line. */
const settings = ((): Map<string, string> => {
  const seen = new Map<string, string>()
  let section = ''
  for (const line of unit.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const header = /^\[(\w+)\]$/.exec(line)?.[1]
    const setting = /^(\w+)=(.*)$/.exec(line)
    if (header !== undefined) section = header
    else if (setting !== null) seen.set(`${section}.${setting[1]}`, setting[2] ?? '')
    else throw new Error(`neither section nor setting: ${line}`)
  }
  return seen
})()

describe('the systemd unit', () => {
  it('stops with SIGTERM, waits longer than the tracker takes, and restarts after a failure', () => {
    expect(settings.get('Service.KillSignal')).toBe('SIGTERM')
    expect(Number(settings.get('Service.TimeoutStopSec'))).toBeGreaterThan(10)
    expect(settings.get('Service.Restart')).toBe('on-failure')
  })

  it('can write only to its own folder, has no capabilities, and may compile code while it runs', () => {
    expect(settings.get('Service.ProtectSystem')).toBe('strict')
    expect(settings.get('Service.StateDirectory')).toBe('muster')
    expect(settings.get('Service.CapabilityBoundingSet')).toBe('')
    expect(settings.get('Service.AmbientCapabilities')).toBe('')
    expect(settings.get('Service.MemoryDenyWriteExecute')).toBe('no')
  })
})

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
const describeWithSystemd = hasSystemd || process.env['CI'] === 'true' ? describe : describe.skip

describeWithSystemd('systemd', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-unit-'))
  const file = join(folder, 'muster.service')
  // The program need not be installed where the unit is checked.
  writeFileSync(file, unit.replace('/opt/muster/bin/muster', '/bin/true'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('finds nothing wrong with the unit', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })

  it('rates its exposure as low', () => {
    const { status } = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', file])
    expect(status).toBe(0)
  })
})
