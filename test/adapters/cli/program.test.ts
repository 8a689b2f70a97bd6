import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { type ProgramActions, runProgram } from '../../../src/adapters/cli/program.ts'
import { unpainted } from '../../../src/adapters/cli/tones.ts'

/** Runs a command line with actions that record their calls. */
async function run(line: string, serve: ProgramActions['serve'] = async () => 0, env = {}) {
  const calls: unknown[] = []
  let out = ''
  let err = ''
  const exitCode = await runProgram(line === '' ? [] : line.split(' '), {
    version: '1.2.3',
    beforeCommand: () => void calls.push(['before']),
    serve: (options) => {
      calls.push(['serve', options])
      return serve(options)
    },
    checkConfig: async (options) => {
      calls.push(['check', options])
      return 1
    },
    printConfig: async (options) => {
      calls.push(['print', options])
      return 0
    },
    health: async (options) => {
      calls.push(['health', options])
      return 1
    },
    doctor: async (options) => {
      calls.push(['doctor', options])
      return 0
    },
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    isTerminal: false,
    columns: 80,
    paint: unpainted,
    isErrTerminal: false,
    env,
    locateApi: () => Promise.reject(new Error('no documents here')),
    ticks: async function* () {},
    pause: async () => undefined,
    interruption: () => new AbortController().signal,
    readFile: () => Promise.reject(new Error('no files here')),
    openInput: () => Readable.from([]),
    filesUnder: () => Readable.from([]),
    openTables: () => Promise.reject(new Error('no databases here')),
  })
  return { exitCode, calls, out, err }
}

describe('the command line', () => {
  it.each([
    ['', { configFile: undefined, takesOver: false, acceptsAccessChange: false }],
    ['serve', { configFile: undefined, takesOver: false, acceptsAccessChange: false }],
    ['--config a.toml', { configFile: 'a.toml', takesOver: false, acceptsAccessChange: false }],
    ['-c a.toml', { configFile: 'a.toml', takesOver: false, acceptsAccessChange: false }],
    ['serve --config=a.toml', { configFile: 'a.toml', takesOver: false, acceptsAccessChange: false }],
    ['serve --take-over', { configFile: undefined, takesOver: true, acceptsAccessChange: false }],
    ['serve --take-over --yes-change-access', { configFile: undefined, takesOver: true, acceptsAccessChange: true }],
    ['--take-over -c a.toml', { configFile: 'a.toml', takesOver: true, acceptsAccessChange: false }],
  ])('serves for: muster %s', async (line, options) => {
    expect(await run(line)).toEqual({ exitCode: 0, calls: [['serve', options]], out: '', err: '' })
  })

  it('returns the exit code of its action', async () => {
    expect((await run('', async () => 3)).exitCode).toBe(3)
    expect((await run('config check')).exitCode).toBe(1)
  })

  it.each([
    ['config check', ['check', { configFile: undefined, asJson: false }]],
    ['config check --config a.toml --json', ['check', { configFile: 'a.toml', asJson: true }]],
    ['config print', ['print', { configFile: undefined, asJson: false }]],
    ['config print --json -c a.toml', ['print', { configFile: 'a.toml', asJson: true }]],
  ])('inspects the configuration for: muster %s', async (line, call) => {
    expect((await run(line)).calls).toEqual([['before'], call])
  })

  it.each([
    ['health', ['health', { url: undefined, configFile: undefined, question: 'services', asJson: false }]],
    [
      'health http://tracker:1313 --ready',
      ['health', { url: 'http://tracker:1313', configFile: undefined, question: 'ready', asJson: false }],
    ],
    ['health --live --json', ['health', { url: undefined, configFile: undefined, question: 'live', asJson: true }]],
    ['health -c a.toml', ['health', { url: undefined, configFile: 'a.toml', question: 'services', asJson: false }]],
    ['doctor', ['doctor', { configFile: undefined, asJson: false }]],
    ['doctor --json -c a.toml', ['doctor', { configFile: 'a.toml', asJson: true }]],
  ])('examines the tracker for: muster %s', async (line, call) => {
    expect((await run(line)).calls).toEqual([['before'], call])
  })

  it('prints the version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, calls: [], out: '1.2.3\n', err: '' })
  })

  it('shows examples in its help', async () => {
    const { exitCode, calls, out } = await run('--help')
    expect([exitCode, calls]).toEqual([0, []])
    expect(out).toContain('muster config check -c tracker.toml')
    expect(out).toContain('MUSTER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER=debug muster')
  })

  it.each([
    ['help', 'Usage: muster [options] [command]'],
    ['help config', 'Usage: muster config [options] [command]'],
    ['help keys issue', 'Usage: muster keys issue [options]'],
    ['help help', 'Usage: muster help [options] [command...]'],
  ])('prints help for: muster %s', async (line, usage) => {
    const { exitCode, out, err } = await run(line)
    expect([exitCode, out.split('\n')[0], err]).toEqual([0, usage, ''])
  })

  it('has help of at most 80 columns for each command', async () => {
    const { out } = await run('completion bash')
    const commands = [...new Set([...out.matchAll(/'muster ?([a-z ]*)'/g)].map(([, path]) => path ?? ''))]
    expect(commands.length).toBeGreaterThan(30)
    for (const command of commands) {
      const help = await run(`${command} --help`.trim())
      expect(help.exitCode).toBe(0)
      expect(help.out.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
  })

  it.each([
    ['serve now', 'muster serve'],
    ['config check --jsn', 'muster config check'],
    ['keys issue --valid never', 'muster keys issue'],
    ['keys add short', 'muster keys add'],
    ['stats --timeout 0', 'muster stats'],
    ['help keys isue', 'muster keys'],
    ['srve', 'muster'],
  ])('points to the help of the command in the error for: muster %s', async (line, command) => {
    const { exitCode, err } = await run(line, undefined, { MUSTER_API_TOKEN: 'a-token' })
    expect([exitCode, err.trim().split('\n').at(-1)]).toEqual([2, `(run ${command} --help for usage)`])
  })

  it('has help for each command', async () => {
    const { exitCode, out } = await run('config check --help')
    expect(exitCode).toBe(0)
    expect(out).toContain('Usage: muster config check [options]')
  })

  it.each([
    ['srve', "error: unknown command 'srve'\n(Did you mean serve?)"],
    ['config chek', "error: unknown command 'chek'\n(Did you mean check?)"],
    ['--confg a.toml', "error: unknown option '--confg'\n(Did you mean --config?)"],
    ['serve now', "error: too many arguments for 'serve'"],
    ['--config', "error: option '-c, --config <file>' argument missing"],
    ['config', 'Usage: muster config'],
  ])('does nothing and exits with 2 for: muster %s', async (line, complaint) => {
    const { exitCode, calls, out, err } = await run(line)
    expect([exitCode, calls, out]).toEqual([2, [], ''])
    expect(err).toContain(complaint)
  })

  it('does not swallow what an action throws', async () => {
    const failure = new Error('port taken')
    await expect(run('serve', () => Promise.reject(failure))).rejects.toBe(failure)
  })
})
