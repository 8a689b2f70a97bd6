// JSON that may be shown on a terminal, although its texts come from trackers.

/** What JSON leaves as it is and a terminal may act upon: C1, bidirectional controls and other invisible characters. */
const INVISIBLE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

export function writeJsonText(value: unknown, indent?: number): string {
  return escapeInvisible(JSON.stringify(value, null, indent))
}

/** JSON for the same value: such characters can only be part of its strings. */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, (character) =>
    // A character beyond U+FFFF is two escapes.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
