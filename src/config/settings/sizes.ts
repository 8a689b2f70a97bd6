// Sizes in memory as people write them: 8192, "512 MiB", "1.5 GiB".

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
}

/** Whole bytes, or undefined if the text is not a size. A bare number is in bytes. */
export function readSize(size: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(String(size).trim())
  if (match === null) return undefined
  const [, amount = '', unit = ''] = match
  const name = unit.toLowerCase() || 'b'
  const bytes = Object.hasOwn(UNITS, name) ? Number(amount) * (UNITS[name] ?? 0) : Number.NaN
  return Number.isInteger(bytes) ? bytes : undefined
}

/** The shortest exact form in binary units. */
export function writeSize(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`
  }
  return `${bytes} B`
}
