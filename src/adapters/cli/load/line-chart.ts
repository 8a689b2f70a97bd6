// A line chart as one SVG element that needs nothing else: no script, no style sheet, no network.

interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface LineChart {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  /** Decades instead of equal steps. */
  readonly isLogY?: boolean
  /** Positions and names on the horizontal axis; by default round numbers. */
  readonly xTicks?: readonly (readonly [x: number, name: string])[]
  readonly series: readonly Series[]
}

const WIDTH = 760
const HEIGHT = 320
const LEFT = 78
const RIGHT = 16
const TOP = 34
const BOTTOM = 64
const COLORS = ['#1463b8', '#c2410c', '#15803d', '#7e22ce', '#525252']

/** Maps values to a place between `from` and `to`, with round numbers on the way. */
interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

export function writeLineChart(chart: LineChart): string {
  const points = chart.series.flatMap((series) => series.points)
  if (points.length === 0) return ''
  const x = linearScale(
    points.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  )
  const ys = points.map(([, value]) => value)
  const y = chart.isLogY ? logScale(ys, HEIGHT - BOTTOM, TOP) : linearScale([0, ...ys], HEIGHT - BOTTOM, TOP)
  const xTicks = chart.xTicks ?? x.ticks.map((tick) => [tick, shortNumber(tick)] as const)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeMarkup(chart.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 20, chart.title, 'start', 'font-weight="600" font-size="14"'),
    ...y.ticks.map(
      (tick) =>
        `<path d="M${LEFT} ${place(y.at(tick))}H${WIDTH - RIGHT}" stroke="#ddd"/>` +
        text(LEFT - 8, y.at(tick) + 4, shortNumber(tick), 'end'),
    ),
    ...xTicks.map(([tick, name]) => text(x.at(tick), HEIGHT - BOTTOM + 18, name, 'middle')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 36, chart.xLabel, 'middle'),
    `<g transform="rotate(-90 16 ${(HEIGHT - BOTTOM + TOP) / 2})">${text(16, (HEIGHT - BOTTOM + TOP) / 2, chart.yLabel, 'middle')}</g>`,
    ...chart.series.map((series, index) => line(series, index, x, y)),
    ...chart.series.map(({ name }, index) => legend(name, index, chart.series.length)),
    '</svg>',
  ].join('\n')
}

function line({ points }: Series, index: number, x: Scale, y: Scale): string {
  const color = COLORS[index % COLORS.length]
  const path = points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${place(x.at(px))} ${place(y.at(py))}`).join('')
  const dots = points.map(([px, py]) => `<circle cx="${place(x.at(px))}" cy="${place(y.at(py))}" r="2.5"/>`)
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="2"/><g fill="${color}">${dots.join('')}</g>`
}

function legend(name: string, index: number, count: number): string {
  const at = LEFT + (index * (WIDTH - LEFT - RIGHT)) / count
  const color = COLORS[index % COLORS.length]
  return `<rect x="${place(at)}" y="${HEIGHT - 17}" width="12" height="4" fill="${color}"/>${text(at + 18, HEIGHT - 11, name, 'start')}`
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" fill="#333" ${more}>${escapeMarkup(content)}</text>`
}

function place(value: number): string {
  return value.toFixed(1)
}

function linearScale(values: readonly number[], from: number, to: number): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY)
  const span = high - low || 1
  const power = 10 ** Math.floor(Math.log10(span))
  const step = [power / 5, power / 2, power, 2 * power].find((size) => span / size <= 8) ?? power
  const ticks: number[] = []
  for (let tick = Math.ceil(low / step) * step; tick <= low + span; tick += step) ticks.push(tick)
  return { at: (value) => from + ((value - low) / span) * (to - from), ticks }
}

function logScale(values: readonly number[], from: number, to: number): Scale {
  const positive = values.map((value) => Math.max(value, 1))
  const low = Math.floor(
    Math.log10(positive.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)),
  )
  const high = Math.ceil(Math.log10(positive.reduce((largest, value) => Math.max(largest, value), 1)))
  const span = high - low || 1
  const ticks = Array.from({ length: span + 1 }, (_, index) => 10 ** (low + index))
  return { at: (value) => from + ((Math.log10(Math.max(value, 1)) - low) / span) * (to - from), ticks }
}

/** `1,200,000` is `1.2M`. */
function shortNumber(value: number): string {
  const [size, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e4 ? [1e3, 'k'] : [1, '']
  return `${Number((value / size).toPrecision(3)).toLocaleString('en')}${unit}`
}

export function escapeMarkup(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
