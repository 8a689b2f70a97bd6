// `muster completion`: a shell script, generated from the commands.

import type { Command } from 'commander'
import { commandWords } from './command-words.ts'
import { SHELLS, type Shell, writeCompletion } from './scripts.ts'

const SETUP = `
To install the script:
  bash  muster completion bash \\
          > ~/.local/share/bash-completion/completions/muster
  zsh   muster completion zsh > "\${fpath[1]}/_muster"
  fish  muster completion fish > ~/.config/fish/completions/muster.fish
  For the current shell only: source <(muster completion bash)`

export function addCompletionCommand(
  program: Command,
  { out, defaultCommand }: { readonly out: (text: string) => void; readonly defaultCommand: string },
  done: (exitCode: number) => void,
): void {
  const command = program
    .command('completion')
    .description('print a completion script for a shell')
    .addHelpText('after', SETUP)
  command
    .addArgument(command.createArgument('<shell>', 'shell to print it for').choices(SHELLS))
    .action((shell: Shell) => {
      out(writeCompletion(shell, commandWords(program, defaultCommand)))
      done(0)
    })
}
