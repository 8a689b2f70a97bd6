import { describe, expect, it } from '@jest/globals'
import { chooseUdpDriver } from '../../../../src/adapters/inbound/udp/choose-driver.ts'

async function nothing(): Promise<undefined> {
  return undefined
}

async function noKoffi(): Promise<string> {
  return 'koffi cannot be loaded'
}

describe('the choice of a UDP driver', () => {
  it.each([
    { setting: 'auto', obstacle: nothing, driver: 'batched' },
    { setting: 'batched', obstacle: nothing, driver: 'batched' },
    { setting: 'dgram', obstacle: nothing, driver: 'dgram' },
  ] as const)('is $driver for "$setting" where everything is available', async ({ setting, obstacle, driver }) => {
    expect((await chooseUdpDriver(setting, obstacle)).driver).toBe(driver)
  })

  it('falls back to dgram and gives the reason', async () => {
    expect(await chooseUdpDriver('auto', noKoffi)).toEqual({ driver: 'dgram', reason: 'koffi cannot be loaded' })
  })

  it('fails where the batched driver is required but unavailable', async () => {
    await expect(chooseUdpDriver('batched', noKoffi)).rejects.toThrow('koffi cannot be loaded')
  })
})
