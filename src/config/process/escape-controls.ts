// Keeps a log line one line, and harmless on a terminal, whatever a text in it contains (protocol rule SEC-40). JSON
// escapes only the characters below 0x20.

/** Those that readers of lines take for a line end, and the rest of those that a terminal obeys. */
const UNESCAPED = /[\x7f-\x9f\u2028\u2029]/g
/** An escape in JSON, with all of its characters. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/gi
/** Of a control character, except for line ends and tabs, which keep stack traces readable. */
const CONTROL = /^\\(?:u00[01][0-9a-f]|[bfr])$/i

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A line of JSON with the same value. */
export function escapeControls(line: string): string {
  return line.replace(UNESCAPED, escaped)
}

/** A line of JSON in whose texts control characters are spelled out, so that they are still harmless once parsed. */
export function spellControls(line: string): string {
  const spelled = line.replace(UNESCAPED, (character) => `\\${escaped(character)}`)
  return spelled.replace(ESCAPE, (one) => (CONTROL.test(one) ? `\\${one}` : one))
}
