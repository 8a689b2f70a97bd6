// Follows the README from its first command to its last one in a copy of the project, on a network of its own, and
// compares every output. Only `npm ci` is left out: the copy has the packages of this project.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { isNetworkAvailable, Network } from '../e2e/network.ts'
import { isShownLine, isShownOutput, type ShownCommand, shownCommands } from './console-blocks.ts'
import { type Served, Terminal } from './terminal.ts'

const COPIED = ['package.json', 'share', 'src', 'tools', 'tsconfig.build.json', 'tsconfig.json']
const MACHINE = 'readme'
const commands = shownCommands(readFileSync('README.md', 'utf8'))

/** A command that serves until Ctrl-C. */
function isServing(command: string): boolean {
  return /^npm start( -- --config \S+)?$/.test(command)
}

function withoutInstallation(command: string): string {
  return command.replace(/^npm ci && /, '')
}

/** Lines that are shown in the order in which they appear, other lines in between. */
function haveAppeared(lines: readonly string[], shown: readonly string[]): boolean {
  let next = 0
  for (const line of lines) if (next < shown.length && isShownLine(line, shown[next])) next++
  return next === shown.length
}

describe('the console blocks of a page', () => {
  it('are commands with their outputs', () => {
    const page = 'text\n```console\n$ one\n1…\n\n2\n$ two\n```\nmore\n```sh\n$ no\n```\n```console\n$ three\n3\n```\n'
    expect(shownCommands(page)).toEqual([
      { command: 'one', output: ['1…', '', '2'] },
      { command: 'two', output: [] },
      { command: 'three', output: ['3'] },
    ])
  })

  it.each([
    [['a'], ['a'], true],
    [['a'], ['b'], false],
    [['a', 'b'], ['a'], false],
    [['a'], ['a', 'b'], false],
    [['a 12.3 b'], ['a … b'], true],
    [['a.b'], ['a.b'], true],
    [['axb'], ['a.b'], false],
    [['1', '2', '3'], ['1', '…'], true],
    [['1', '2', '3'], ['…', '3'], true],
    [['1', '2', '3'], ['…', '2'], false],
  ])('%j is shown as %j: %s', (lines, shown, isShown) => {
    expect(isShownOutput(lines, shown)).toBe(isShown)
  })
})

const describeWithNetwork = isNetworkAvailable() ? describe : describe.skip
if (!isNetworkAvailable()) {
  if (process.env['CI']) throw new Error('the commands of the README need Linux, root and network namespaces')
  console.warn('SKIPPED: the commands of the README need Linux, root and network namespaces')
}

describeWithNetwork('the README', () => {
  let network: Network
  let directory: string
  let terminal: Terminal
  let served: Served | undefined

  beforeAll(() => {
    network = Network.create(MACHINE)
    directory = mkdtempSync(join(tmpdir(), 'muster-readme-'))
    for (const name of COPIED) cpSync(name, join(directory, name), { recursive: true })
    symlinkSync(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'))
    const { MUSTER_CONFIG_TOML: _, ...env } = process.env
    terminal = new Terminal({ within: network.machine(MACHINE).within, directory, env: { ...env, TERM: 'xterm' } })
  })

  afterAll(async () => {
    await served?.interrupt()
    network.remove()
    rmSync(directory, { recursive: true, force: true })
  })

  async function follow({ command, output }: ShownCommand): Promise<void> {
    const real = withoutInstallation(command)
    if (!isServing(real)) {
      const lines = await terminal.run(real)
      // Compared only to fail with a readable difference.
      if (!isShownOutput(lines, output)) expect(lines).toEqual(output)
      return
    }
    await served?.interrupt()
    served = terminal.serve(real)
    await served.until((lines) => haveAppeared(lines, output))
  }

  it('shows commands', () => {
    expect(commands.length).toBeGreaterThan(12)
    expect(commands.map(({ command }) => withoutInstallation(command)).filter(isServing)).toHaveLength(2)
  })

  it.each(commands.map((shown, index) => ({ ...shown, step: index + 1 })))('$step: $command', async (shown) => {
    await follow(shown)
  })
})
