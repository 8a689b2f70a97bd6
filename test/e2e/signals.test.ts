// Signals that ask for nothing, from the first moment of a start until its end: the tracker goes on, and Node's
// inspector stays shut.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { closeServices, httpService } from '../fixtures/answering-services.ts'
import { aDocument } from './documents.ts'
import { launched } from './tidy.ts'
import { ROOT } from './tracker-process.ts'

const SIGNALS = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU', 'SIGXFSZ', 'SIGIO']
const MORE_OF_LINUX = process.platform === 'linux' ? (['SIGPWR', 'SIGSTKFLT'] as const) : []
const ALL = [...SIGNALS, ...MORE_OF_LINUX] as readonly NodeJS.Signals[]

/** Sends the process all signals as soon as it asks for any module from its entry point on. */
const SIGNALLING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  let modules = 0
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.endsWith('/command-line.ts') || (modules > 0 && modules++ < 40)) {
        modules ||= 1
        for (const signal of ${JSON.stringify(ALL)}) process.kill(process.pid, signal)
      }
      return next(specifier, context)
    },
  })`)}`

/** Hangs up again and again, from the moment when the entry point asks for its second module. */
const HANGING_UP = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const hangUp = () => process.kill(process.pid, 'SIGHUP')
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.endsWith('/command-line.ts')) setInterval(hangUp, 20).unref()
      return next(specifier, context)
    },
  })`)}`

afterEach(closeServices)

describe('signals that ask for nothing', () => {
  it('neither end a start nor a tracker that runs, nor open the inspector', async () => {
    const env = { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${SIGNALLING}` }
    const tracker = launched(aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }), { env })
    await tracker.printed((line) => line.includes('the tracker is ready'))
    for (const signal of ALL) tracker.signal(signal)
    await tracker.printed((line) => line.includes('swarms saved'))
    // To each thread, as the system may deliver what is sent to the process.
    const tasks = execFileSync('ls', [`/proc/${tracker.pid}/task`], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(tasks.length).toBeGreaterThan(4)
    for (const task of tasks) execFileSync('kill', ['-USR1', task])
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    expect(tracker.errors).not.toContain('Debugger')
  })

  it('leave a command without its terminal to end', async () => {
    const port = await httpService(() => undefined)
    const words = [join(ROOT, 'src/config/main.ts'), 'health', `http://127.0.0.1:${port}`]
    const command = spawn(process.execPath, ['--import', HANGING_UP, ...words], { stdio: 'ignore' })
    expect(await once(command, 'exit')).toEqual([129, null])
  })
})
