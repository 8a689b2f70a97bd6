// Reads lifetimes: 90s, 15m, 12h, 7d, 4w, forever.

import { readDurationText } from '../protocol/duration-text.ts'

export const DURATION_FORMS = '90s, 15m, 12h, 7d, 4w or forever'

/** Whole seconds, at least 1; null for `forever`, undefined for anything else. */
export function readDuration(text: string): number | null | undefined {
  if (text === 'forever') return null
  const seconds = readDurationText(text)
  return seconds === 0 ? undefined : seconds
}
