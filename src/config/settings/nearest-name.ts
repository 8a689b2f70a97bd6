// "Did you mean": the known name that takes the fewest single-letter edits.

/** Levenshtein distance, one row at a time. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const substituted = above[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(substituted, above[column] + 1, current[column - 1] + 1))
    }
    above = current
  }
  return above[to.length]
}

/**
 * The nearest of `names`, or undefined if even that one is a different word. Long names are untrusted input and never
 * match.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (name.length > 64) return undefined
  let nearest: string | undefined
  let minDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate)
    if (distance < minDistance && distance < candidate.length) {
      minDistance = distance
      nearest = candidate
    }
  }
  return nearest
}
