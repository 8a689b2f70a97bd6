import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { address } from 'koffi'
import { adviseHugePages } from '../../../../src/adapters/outbound/system/huge-pages.ts'

/** The kernel's flags of the mapping that holds an address; `hg` stands for advised huge pages. */
function flagsOf(at: number): readonly string[] {
  let isIt = false
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) /.exec(line)
    if (range !== null) isIt = Number(`0x${range[1]}`) <= at && at < Number(`0x${range[2]}`)
    else if (isIt && line.startsWith('VmFlags:')) return line.split(/\s+/)
  }
  return []
}

const isLinux = process.platform === 'linux'

describe('advice on huge pages', () => {
  const onLinux = isLinux ? it : it.skip

  onLinux('sets the flag on the mapping that contains the memory', async () => {
    const memory = new SharedArrayBuffer(64 * 2 ** 20)
    const middle = Number(address(memory)) + 32 * 2 ** 20
    expect(flagsOf(middle)).not.toContain('hg')
    expect(await adviseHugePages(memory)).toBeUndefined()
    expect(flagsOf(middle)).toContain('hg')
    expect(new Uint8Array(memory, 0, 4096).every((byte) => byte === 0)).toBe(true)
  })
})
