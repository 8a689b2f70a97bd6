// The words that a command line can contain, read from the commands: for each its subcommands, the choices of its
// arguments, and its options.

import type { Command } from 'commander'

export interface Word {
  readonly text: string
  readonly description: string
}

export interface OptionWord extends Word {
  /** What follows the option: nothing, a file, free text, or one of these words. */
  readonly value: 'none' | 'file' | 'unknown' | readonly string[]
}

/** A command by its full path: `muster`, `muster config`, `muster config check`. */
export interface CommandWords {
  readonly path: readonly string[]
  readonly next: readonly Word[]
  readonly options: readonly OptionWord[]
}

/** Parents before children, without hidden commands. The program also has the options of the default command. */
export function commandWords(program: Command, defaultCommand: string): readonly CommandWords[] {
  const [root, ...others] = visit(program, [])
  const implied = others.find(({ path }) => path.join(' ') === `${program.name()} ${defaultCommand}`)?.options ?? []
  const known = new Set(root.options.map(({ text }) => text))
  return [{ ...root, options: [...root.options, ...implied.filter(({ text }) => !known.has(text))] }, ...others]
}

function visit(command: Command, parentPath: readonly string[]): readonly CommandWords[] {
  const path = [...parentPath, command.name()]
  const help = command.createHelp()
  const subcommands = help.visibleCommands(command)
  const values = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((text) => ({ text, description })),
  )
  const options = help
    .visibleOptions(command)
    .flatMap(({ long, short, description, required, optional, argChoices, flags }) => {
      const value = argChoices ?? (required || optional ? (flags.endsWith('<file>') ? 'file' : 'unknown') : 'none')
      return [long, short].flatMap((text) => (text ? [{ text, description, value } as const] : []))
    })
  const next = [...subcommands.map((sub) => ({ text: sub.name(), description: sub.description() })), ...values]
  return [{ path, next, options }, ...subcommands.flatMap((sub) => visit(sub, path))]
}
