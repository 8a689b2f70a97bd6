// Commands as processes: how they end.

import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen } from '../adapters/inbound/rest/rest-fixture.ts'

afterEach(closeAll)

/** Standard input receives `lines` and stays open. */
function run(words: readonly string[], lines: string) {
  const child = spawn(process.execPath, ['src/config/main.ts', ...words], { stdio: ['pipe', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.on('error', () => undefined).write(lines)
  return new Promise<{ exitCode: number | null; err: string }>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, err }))
  })
}

describe('a command', () => {
  it('ends at once when an import is rejected, although there may be more input', async () => {
    const { url } = await listen()
    const started = performance.now()
    const lines = `${'a'.repeat(40)}\n`.repeat(8)
    const words = ['whitelist', 'import', '-', '--url', url, '--token', 'wrong', '--timeout', '30']
    const { exitCode, err } = await run(words, lines)
    expect([exitCode, err]).toEqual([1, expect.stringContaining('does not know the token from --token')])
    expect(err).toContain('Nothing was imported.\n')
    // The time-out is 30 seconds.
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})
