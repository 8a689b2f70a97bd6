// muster help COMMAND, and where usage errors find the help of their command.

import type { Command } from 'commander'

export function addHelpCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('help')
    .description('print the help of a command')
    .argument('[command...]', 'its words, such as: keys issue')
    .action((words: readonly string[]) => {
      let command = program
      for (const word of words) {
        const next = command.commands.find((sub) => sub.name() === word)
        if (next === undefined) command.error(`error: unknown command '${word}'`)
        else command = next
      }
      command.outputHelp()
      done(0)
    })
}

/** After an error: the help of the command that was called, not of the whole program. */
export function pointToHelp(command: Command): void {
  command.showHelpAfterError(helpHint(command))
  for (const sub of command.commands) pointToHelp(sub)
}

export function helpHint(command: Command): string {
  const words: string[] = []
  for (let at: Command | null = command; at !== null; at = at.parent) words.unshift(at.name())
  return `(run ${words.join(' ')} --help for usage)`
}
