import { describe, expect, it } from '@jest/globals'
import { JUNK_FLOOD, JunkFilter, QUIET_SECONDS } from '../../../../../src/adapters/inbound/udp/batched/junk-filter.ts'
import { SocketFilter } from '../../../../../src/adapters/inbound/udp/batched/socket-filter.ts'
import { type Libc, loadLibc } from '../../../../../src/adapters/linux/libc.ts'

const ATTACH = 26
const DETACH = 27

/** A filter, and the options that it sets on its socket; the kernel answers each with `result`. */
async function aFilter(result = 0): Promise<{ filter: JunkFilter; options: number[] }> {
  const options: number[] = []
  const libc: Libc = {
    ...(await loadLibc()),
    setsockopt: (_fd, _level, name) => {
      options.push(name)
      return result
    },
  }
  return { filter: new JunkFilter(new SocketFilter(libc, 3)), options }
}

describe('the filter of a socket', () => {
  it('is attached once there has been a flood within a second', async () => {
    const { filter, options } = await aFilter()
    expect(filter.note(JUNK_FLOOD - 1)).toBe(false)
    expect(filter.note(1)).toBe(true)
    expect(filter.note(JUNK_FLOOD)).toBe(false)
    expect(options).toEqual([ATTACH])
  })

  it('is not attached for less in each second', async () => {
    const { filter, options } = await aFilter()
    for (let second = 0; second < 100; second++) {
      filter.note(JUNK_FLOOD - 1)
      filter.everySecond(0)
    }
    expect(options).toEqual([])
  })

  it('is detached after ten quiet seconds in succession', async () => {
    const { filter, options } = await aFilter()
    filter.note(JUNK_FLOOD)
    filter.everySecond(0)
    for (let second = 1; second < QUIET_SECONDS; second++) filter.everySecond(JUNK_FLOOD - 1)
    filter.everySecond(JUNK_FLOOD)
    for (let second = 1; second < QUIET_SECONDS; second++) filter.everySecond(0)
    expect(filter.isAttached).toBe(true)
    filter.everySecond(0)
    expect(filter.isAttached).toBe(false)
    expect(options).toEqual([ATTACH, DETACH])
    expect(filter.note(JUNK_FLOOD)).toBe(true)
  })

  it('is done without where the kernel refuses it', async () => {
    const { filter, options } = await aFilter(-1)
    expect(filter.note(JUNK_FLOOD)).toBe(false)
    expect(filter.note(JUNK_FLOOD)).toBe(false)
    expect(filter.isAttached).toBe(false)
    expect(options).toEqual([ATTACH])
  })
})
