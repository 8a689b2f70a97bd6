// A stop that arrives while the tracker is still loading: as process 1 of a container it must handle the signal itself.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ROOT } from './tracker-process.ts'

/** Signals the process as soon as its entry point asks for its second module. */
function signalling(signal: string): string {
  return `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier.endsWith('/command-line.ts')) process.kill(process.pid, '${signal}')
        return next(specifier, context)
      },
    })`)}`
}

const isPossible = process.platform === 'linux' && spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0
const describeIfPossible = isPossible || process.env['CI'] === 'true' ? describe : describe.skip

const DOCUMENT = `
[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "off"
[core]
listed = false
private = false
[[udp_trackers]]
bind_address = "127.0.0.1:0"`

describeIfPossible('as process 1', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('%s ends it before it is ready: with code %d, or with 0 if it could stop in good order', async (signal, code) => {
    const main = join(ROOT, 'src/config/main.ts')
    const child = spawn(
      'unshare',
      ['--pid', '--fork', '--kill-child', process.execPath, '--import', signalling(signal), main],
      {
        env: { ...process.env, MUSTER_CONFIG_TOML: DOCUMENT },
        stdio: 'ignore',
        timeout: 30_000,
        killSignal: 'SIGKILL',
      },
    )
    const [exitCode] = await once(child, 'close')
    expect([0, code]).toContain(exitCode)
  })
})
