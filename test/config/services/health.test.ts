import { afterEach, describe, expect, it } from '@jest/globals'
import type { Logger } from '../../../src/config/process/logger.ts'
import { TrackerStatus } from '../../../src/config/process/tracker-status.ts'
import { startHealth } from '../../../src/config/services/health.ts'
import { closeServices, httpService } from '../../fixtures/answering-services.ts'

afterEach(closeServices)

function aLog() {
  const lines: string[] = []
  const logger: Logger = { log: (level, target, message) => void lines.push(`${level} ${target}: ${message}`) }
  return { lines, logger }
}

describe('the health API of the process', () => {
  it('starts, and logs its address in the lines that tools look for', async () => {
    const { lines, logger } = aLog()
    const listener = await startHealth(
      {
        host: '127.0.0.1',
        port: 0,
        allowedHosts: [],
        socketMode: undefined,
        socketGroup: undefined,
        limitsPrivate: false,
        isConfigured: true,
      },
      new TrackerStatus(false),
      logger,
    )
    const url = `http://127.0.0.1:${listener?.address.port}`
    expect(lines).toEqual([
      'info HEALTH CHECK API: Starting on: http://127.0.0.1:0',
      `info HEALTH CHECK API: Started on: ${url}/health_check`,
    ])
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    await listener?.close(0)
  })

  it('is skipped if its default address is in use, and required if the address is configured', async () => {
    const port = await httpService(() => undefined)
    const { lines, logger } = aLog()
    const start = (isNamed: boolean) =>
      startHealth(
        {
          host: '127.0.0.1',
          port,
          allowedHosts: [],
          socketMode: undefined,
          socketGroup: undefined,
          limitsPrivate: false,
          isConfigured: isNamed,
        },
        new TrackerStatus(false),
        logger,
      )
    expect(await start(false)).toBeUndefined()
    expect(lines.at(-1)).toContain(`warn HEALTH CHECK API: no health API: cannot listen on http://127.0.0.1:${port}: `)
    await expect(start(true)).rejects.toThrow(`cannot listen on http://127.0.0.1:${port}`)
  })
})
