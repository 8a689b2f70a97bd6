// Writes completion scripts for bash, zsh and fish. A script walks the words of the line to find the current command,
// and offers what may follow it.

import type { CommandWords, OptionWord, Word } from './command-words.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export function writeCompletion(shell: Shell, commands: readonly CommandWords[]): string {
  return { bash: writeBash, zsh: writeZsh, fish: writeFish }[shell](commands)
}

const HEAD = '# Made by `muster completion`; generate it again after an update.'

/** In single quotes, which all three shells understand. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function nameOf({ path }: CommandWords): string {
  return path.join(' ')
}

/** How a shell completes the value of an option. */
interface ValueOffers {
  readonly file: string
  readonly words: (words: readonly string[]) => string
}

/** The arms of a `case` over the previous word: options that take a value. */
function valueArms(options: readonly OptionWord[], offers: ValueOffers): string {
  return options
    .filter(({ value }) => value !== 'none')
    .map(({ text, value }) => {
      const offer = value === 'file' ? offers.file : typeof value === 'string' ? '' : offers.words(value)
      return `      ${text}) ${offer === '' ? '' : `${offer}; `}return ;;\n`
    })
    .join('')
}

/** Offered before anything is typed: options only if nothing else may follow. */
function firstOffers<W>(next: readonly W[], options: readonly W[]): readonly W[] {
  return next.length > 0 ? next : options
}

/** Finds the command in the words before the current one; `first` is the index after the program's name. */
function walk(commands: readonly CommandWords[], first: string, last: string): string {
  return `  local at=muster index
  for ((index = ${first}; index < ${last}; index++)); do
    case "$at \${words[index]}" in
      ${commands
        .slice(1)
        .map((command) => quote(nameOf(command)))
        .join('|')}) at="$at \${words[index]}" ;;
    esac
  done
`
}

const BASH_VALUES: ValueOffers = {
  file: 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")',
  words: (words) => `COMPREPLY=($(compgen -W ${quote(words.join(' '))} -- "$current"))`,
}

function writeBash(commands: readonly CommandWords[]): string {
  return `${HEAD}
_muster() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} offers options
  local words=("\${COMP_WORDS[@]}")
${walk(commands, '1', 'COMP_CWORD')}  COMPREPLY=()
  case "$at" in
${commands.map(bashArm).join('')}  esac
  if [[ $current == -* ]]; then offers=$options; fi
  COMPREPLY=($(compgen -W "$offers" -- "$current"))
}
complete -F _muster muster
`
}

function bashArm(command: CommandWords): string {
  const { next, options } = command
  const list = (words: readonly Word[]): string => quote(words.map(({ text }) => text).join(' '))
  return `    ${quote(nameOf(command))})
      case "$previous" in
${valueArms(options, BASH_VALUES)}      esac
      offers=${list(firstOffers<Word>(next, options))} options=${list(options)} ;;
`
}

const ZSH_VALUES: ValueOffers = {
  file: '_files',
  words: (words) => `compadd -- ${words.map(quote).join(' ')}`,
}

function writeZsh(commands: readonly CommandWords[]): string {
  return `#compdef muster
${HEAD}
_muster() {
  local -a offers options
${walk(commands, '2', 'CURRENT')}  case "$at" in
${commands.map(zshArm).join('')}  esac
  if [[ \${words[CURRENT]} == -* ]]; then offers=($options); fi
  _describe 'muster' offers
}
# Autoloaded, this file is the body of the function; sourced, it registers the function.
if [[ $funcstack[1] == _muster ]]; then _muster "$@"; else compdef _muster muster; fi
`
}

function zshArm(command: CommandWords): string {
  const { next, options } = command
  const list = (words: readonly Word[]): string =>
    words.map(({ text, description }) => quote(`${text.replaceAll(':', '\\:')}:${description}`)).join(' ')
  return `    ${quote(nameOf(command))})
      case "\${words[CURRENT-1]}" in
${valueArms(options, ZSH_VALUES)}      esac
      offers=(${list(firstOffers<Word>(next, options))})
      options=(${list(options)}) ;;
`
}

function writeFish(commands: readonly CommandWords[]): string {
  return `${HEAD}
function __muster_at
  set -l at muster
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${commands
        .slice(1)
        .map((command) => quote(nameOf(command)))
        .join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c muster -f
${commands.map(fishLines).join('')}`
}

function fishLines(command: CommandWords): string {
  const here = `complete -c muster -n ${quote(`__muster_at "${nameOf(command)}"`)}`
  const next = command.next.map(({ text, description }) => `${here} -a ${quote(text)} -d ${quote(description)}\n`)
  const options = command.options.map(({ text, description, value }) => {
    const flag = text.startsWith('--') ? `-l ${text.slice(2)}` : `-s ${text.slice(1)}`
    return `${here} ${flag}${fishValue(value)} -d ${quote(description)}\n`
  })
  return [...next, ...options].join('')
}

function fishValue(value: OptionWord['value']): string {
  if (value === 'none') return ''
  if (value === 'file') return ' -rF'
  return value === 'unknown' ? ' -x' : ` -x -a ${quote(value.join(' '))}`
}
