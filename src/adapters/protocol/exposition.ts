// The Prometheus text format, version 0.0.4: families of samples, each with its help and type.

/** Names in alphabetical order. */
export type Labels = Readonly<Record<string, string>>

export interface MetricSample {
  readonly value: number
  readonly labels: Labels
}

/** The observations of one set of labels. */
export interface Distribution {
  /** One more than the bounds; per bucket, not cumulative. */
  readonly counts: readonly number[]
  readonly sum: number
  readonly labels: Labels
}

interface Described {
  readonly name: string
  /** One line. */
  readonly help: string
}

export type MetricFamily =
  | (Described & { readonly type: 'counter' | 'gauge'; readonly samples: readonly MetricSample[] })
  | (Described & {
      readonly type: 'histogram'
      readonly bounds: readonly number[]
      readonly distributions: readonly Distribution[]
    })

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function distributionLines(name: string, bounds: readonly number[], { counts, sum, labels }: Distribution): string[] {
  let total = 0
  const buckets = counts.map((count, place) => {
    total += count
    const le = place < bounds.length ? `${bounds[place]}` : '+Inf'
    return `${name}_bucket${writeLabels({ ...labels, le })} ${total}`
  })
  return [...buckets, `${name}_sum${writeLabels(labels)} ${sum}`, `${name}_count${writeLabels(labels)} ${total}`]
}

function sampleLines(family: MetricFamily): string[] {
  return family.type === 'histogram'
    ? family.distributions.flatMap((one) => distributionLines(family.name, family.bounds, one))
    : family.samples.map(({ value, labels }) => `${family.name}${writeLabels(labels)} ${value}`)
}

/** The lines of a family, without a trailing line feed. */
export function writeFamily(family: MetricFamily): string {
  return [`# HELP ${family.name} ${family.help}`, `# TYPE ${family.name} ${family.type}`, ...sampleLines(family)].join(
    '\n',
  )
}

/** The complete text. Families without samples are left out. */
export function writeExposition(families: readonly MetricFamily[]): string {
  return families
    .filter((family) => (family.type === 'histogram' ? family.distributions : family.samples).length > 0)
    .map((family) => `${writeFamily(family)}\n`)
    .join('')
}
