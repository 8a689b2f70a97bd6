// Durations as people write them: 90s, 15m, 12h, 7d, 4w. Whole seconds inside.

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const FORM = /^(0|[1-9]\d{0,11})([smhdw])$/

/** Undefined if it is not a number with one of the units. */
export function readDurationText(text: string): number | undefined {
  const [, amount, unit] = FORM.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * SECONDS_OF[unit]
}

/** The shortest exact form: `30m`, not `1800s`. Weeks are left out, because `7d` is easier to read. */
export function writeDurationText(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((name) => seconds > 0 && seconds % SECONDS_OF[name] === 0) ?? 's'
  return `${seconds / SECONDS_OF[unit]}${unit}`
}
