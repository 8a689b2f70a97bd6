// Quantities for people: three digits and a unit.

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
const TIME_UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** `0 B`, `1.5 GiB`. */
export function writeBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  // 1023.9 would be written as 1024.
  for (; value >= 1023.5 && unit < BYTE_UNITS.length - 1; unit++) value /= 1024
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : Math.round(value * 10) / 10} ${BYTE_UNITS[unit]}`
}

/** The two largest units: `3 d 4 h`, `12 min 5 s`, `0 s`. */
export function writeDuration(seconds: number): string {
  let rest = Math.floor(seconds)
  const parts: string[] = []
  for (const [name, length] of TIME_UNITS) {
    const amount = Math.floor(rest / length)
    rest -= amount * length
    if (amount > 0 || parts.length > 0 || name === 's') parts.push(`${amount} ${name}`)
  }
  return parts.slice(0, 2).join(' ')
}

/** `1,234,567`. */
export function writeCount(count: number): string {
  return count.toLocaleString('en')
}

/** `12,345/s`, `12.3/s`, `0.04/s`; without a fraction where it says nothing. */
export function writeRate(perSecond: number): string {
  const digits = perSecond >= 100 ? 0 : perSecond >= 1 ? 1 : 2
  return `${perSecond.toLocaleString('en', { maximumFractionDigits: digits })}/s`
}
