// Reads durations: 90s, 15m, 12h, 7d, 4w, forever.

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const FORM = /^([1-9]\d{0,11})([smhdw])$/

export const DURATION_FORMS = '90s, 15m, 12h, 7d, 4w or forever'

/** Whole seconds, null for `forever`, undefined for anything else. */
export function readDuration(text: string): number | null | undefined {
  if (text === 'forever') return null
  const [, amount, unit] = FORM.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * SECONDS_OF[unit]
}
