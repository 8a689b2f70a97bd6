// The console blocks of a page: commands after `$ `, each with the output shown below it. In an output, `…` stands for
// any text; a line of `…` alone for any lines.

const BLOCK = /^```console\n([\s\S]*?)^```$/gm

export interface ShownCommand {
  readonly command: string
  /** Lines. */
  readonly output: readonly string[]
}

export function shownCommands(markdown: string): readonly ShownCommand[] {
  return [...markdown.matchAll(BLOCK)].flatMap(([, block]) => commandsOf(block))
}

function commandsOf(block: string): readonly ShownCommand[] {
  const [before, ...commands] = block.split(/^\$ /m)
  if (before !== '') throw new Error(`output before the first command: ${before}`)
  return commands.map((text) => {
    const [command, ...output] = text.trimEnd().split('\n')
    return { command, output }
  })
}

function pattern(line: string): string {
  return line
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*')
}

/** True when `line` is the shown one. */
export function isShownLine(line: string, shown: string): boolean {
  return new RegExp(`^${pattern(shown)}$`).test(line)
}

/** True when the whole output is as shown. */
export function isShownOutput(lines: readonly string[], shown: readonly string[]): boolean {
  const expression = shown.map((line) => (line === '…' ? '(?:.*\n)*' : `${pattern(line)}\n`)).join('')
  return new RegExp(`^${expression}$`).test(lines.map((line) => `${line}\n`).join(''))
}
