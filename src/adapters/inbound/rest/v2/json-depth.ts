// How deep JSON is, told from its text before anything is built of it.

/**
 * False when objects and lists stand in each other more than `most` levels deep. Says nothing about what is not JSON.
 */
export function isShallow(text: string, maxDepth: number): boolean {
  let depth = 0
  let isInString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (isInString) {
      if (character === '\\') i++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      if (++depth > maxDepth) return false
    } else if (character === '}' || character === ']') depth--
  }
  return true
}
