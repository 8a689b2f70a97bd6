// Texts that Torrust gets from Rust: strings in debug form, and number parsing errors. Clients of v1 match them.

/** Escaped in debug form: control and invisible characters, and spaces other than U+0020. */
const ESCAPED = /["\\]|[[\p{C}\p{Z}]--[ ]]/gv
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/** `text` in double quotes, with backslashes where a Rust string needs them. */
export function debugText(text: string): string {
  return `"${text.replace(ESCAPED, (character) => SHORT_ESCAPES[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`)}"`
}

export const MAX_U32 = 2n ** 32n - 1n
export const MAX_U64 = 2n ** 64n - 1n

/** The number, or an error text. A leading plus is allowed; a minus, spaces and fractions are not. */
export function readUnsigned(text: string, max: bigint): bigint | string {
  if (text === '') return 'cannot parse integer from empty string'
  const digits = text.startsWith('+') ? text.slice(1) : text
  if (!/^[0-9]+$/.test(digits)) return 'invalid digit found in string'
  // Every u64 fits in 20 digits, so longer texts need no arithmetic.
  const significant = digits.replace(/^0+(?=.)/, '')
  if (significant.length > 20 || BigInt(significant) > max) return 'number too large to fit in target type'
  return BigInt(significant)
}
