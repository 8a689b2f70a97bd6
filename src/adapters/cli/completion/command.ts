// `muster completion`: a script for the shell, made from the commands as they are.

import type { Command } from 'commander'
import { commandWords } from './command-words.ts'
import { SHELLS, type Shell, writeCompletion } from './scripts.ts'

const SETUP = `
Where the script goes:
  bash  muster completion bash > ~/.local/share/bash-completion/completions/muster
  zsh   muster completion zsh > "\${fpath[1]}/_muster"
  fish  muster completion fish > ~/.config/fish/completions/muster.fish
  For the running shell alone: source <(muster completion bash)`

export const addCompletionCommand = (
  program: Command,
  { out, defaultCommand }: { readonly out: (text: string) => void; readonly defaultCommand: string },
  done: (exitCode: number) => void,
): void => {
  const command = program
    .command('completion')
    .description('print a script that completes command lines in a shell')
    .addHelpText('after', SETUP)
  command.addArgument(command.createArgument('<shell>', 'the shell').choices(SHELLS)).action((shell: Shell) => {
    out(writeCompletion(shell, commandWords(program, defaultCommand)))
    done(0)
  })
}
