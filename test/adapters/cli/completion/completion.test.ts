import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { Command, Option } from 'commander'
import { commandWords } from '../../../../src/adapters/cli/completion/command-words.ts'
import { type Shell, writeCompletion } from '../../../../src/adapters/cli/completion/scripts.ts'

function aProgram(): Command {
  const program = new Command('muster').description('a tracker').version('1').helpCommand(false)
  program.command('serve').description("run the tracker's listeners").option('-c, --config <file>', 'TOML document')
  const keys = program.command('keys').description('administer keys: add, list').helpCommand(false)
  keys
    .command('list')
    .description('list keys')
    .option('--limit <number>', 'so many')
    .addOption(new Option('--state <state>', 'of these only').choices(['valid', 'expired']))
  program.command('secret', { hidden: true })
  const shells = program.command('completion').description('print a script')
  shells.addArgument(shells.createArgument('<shell>', 'the shell').choices(['bash', 'zsh']))
  return program
}

function script(shell: Shell): string {
  return writeCompletion(shell, commandWords(aProgram(), 'serve'))
}

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0
}

/** The completions that bash offers for the last word. */
function offers(...words: readonly string[]): readonly string[] {
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _muster; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', `${script('bash')}\n${ask}`, 'bash', ...words], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout.split('\n').filter((line) => line !== '')
}

describe('completion in bash', () => {
  const inBash = hasProgram('bash') ? it : it.skip

  inBash.each([
    [
      ['muster', ''],
      ['serve', 'keys', 'completion'],
    ],
    [['muster', 'k'], ['keys']],
    [['muster', 'keys', ''], ['list']],
    [
      ['muster', 'keys', 'list', ''],
      ['--limit', '--state', '--help', '-h'],
    ],
    [['muster', 'keys', 'list', '--l'], ['--limit']],
    [['muster', 'keys', 'list', '--limit', ''], []],
    [
      ['muster', 'keys', 'list', '--state', ''],
      ['valid', 'expired'],
    ],
    [['muster', 'keys', 'list', '--state', 'e'], ['expired']],
    [
      ['muster', 'completion', ''],
      ['bash', 'zsh'],
    ],
    [['muster', '--c'], ['--config']],
    [['muster', 'nonsense', 'ke'], ['keys']],
  ])('offers the possible next words: %j', (words, expected) => {
    expect(offers(...words)).toEqual(expected)
  })

  inBash('offers files for a file option', () => {
    expect(offers('muster', 'serve', '--config', '/etc/host')).toContain('/etc/hosts')
  })
})

describe('completion in other shells', () => {
  it.each(['zsh', 'fish'] as const)('covers every command and option: %s', (shell) => {
    const text = script(shell)
    for (const word of ['muster keys list', 'limit', 'completion', 'valid']) expect(text).toContain(word)
    expect(text).not.toContain('secret')
  })

  it.each(['zsh', 'fish'] as const)('has valid syntax, if the shell is installed to check it: %s', (shell) => {
    if (!hasProgram(shell)) return
    expect(spawnSync(shell, ['-n'], { input: script(shell) }).status).toBe(0)
  })

  it('escapes quotes in descriptions', () => {
    for (const shell of ['zsh', 'fish'] as const) expect(script(shell)).toContain("run the tracker'\\''s listeners")
  })
})
