// Lines of plain text: words, and what follows them. Without regular expressions over the rest of a line, which may be
// long and crafted so that they take very long.

export interface HashLine {
  readonly infoHash: string
  readonly reason: string | undefined
}

/** A hash, and after spaces or tabs a reason. */
export function readHashLine(text: string): HashLine {
  const [infoHash, reason] = cutWord(text)
  return { infoHash, reason }
}

/** The first word, and the rest without spaces around it, if any. */
export function cutWord(text: string): readonly [word: string, rest: string | undefined] {
  const trimmed = text.trim()
  const end = trimmed.search(/\s/)
  return end < 0 ? [trimmed, undefined] : [trimmed.slice(0, end), trimmed.slice(end).trimStart()]
}
