// Breaks text into lines at spaces. Words stay whole, even when one is longer than a line.

export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line: string | undefined
  for (const word of text.split(' ')) {
    if (line !== undefined && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === undefined ? word : `${line} ${word}`
  }
  return line === undefined ? lines : [...lines, line]
}

/** `start` and the text after it, whose further lines begin below the text, or at `indent`. */
export function hangText(start: string, text: string, columns: number, indent = start.length): string {
  const [first = '', ...rest] = wrapText(text, columns - start.length)
  const below = wrapText(rest.join(' '), columns - indent).map((line) => `\n${' '.repeat(indent)}${line}`)
  return `${start}${first}${rest.length === 0 ? '' : below.join('')}`
}
