// A load report as one HTML file with charts that opens without a network: no script, no font, no image from elsewhere.

import type { LoadReport } from '../../load/load-report.ts'
import { escapeMarkup, writeLineChart } from './line-chart.ts'
import { type FigureRow, fillRows, LATENCY_HEAD, latencyRows, notesOf, summaryRows } from './load-report-rows.ts'

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
table { border-collapse: collapse; margin: 1rem 0; width: 100% }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
td + td, th + th { text-align: right }
.facts td + td { text-align: left }
svg { width: 100%; height: auto; margin: 1rem 0 }`

export function writeLoadHtml(report: LoadReport): string {
  const fill = fillRows(report)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Load of ${escapeMarkup(report.startedAt)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Load of ${escapeMarkup(report.startedAt)}</h1>
${facts(summaryRows(report))}
${notesOf(report)
  .map((note) => `<p>${escapeMarkup(note)}</p>`)
  .join('\n')}
<h2>Latency</h2>
${table(LATENCY_HEAD, latencyRows(report))}
${charts(report)}
${fill.length === 0 ? '' : `<h2>Fill</h2>\n${facts(fill)}`}
</body>
</html>
`
}

function charts({ latencyCurve, moments }: LoadReport): string {
  const series = (name: string, of: (moment: LoadReport['moments'][number]) => number | null) => ({
    name,
    points: moments.flatMap((moment) => {
      const value = of(moment)
      return value === null ? [] : [[moment.atSeconds, value] as const]
    }),
  })
  const course = { xLabel: 'seconds', title: '' }
  return [
    writeLineChart({
      title: 'Latency by percentile',
      xLabel: 'percentile',
      yLabel: 'µs',
      isLogY: true,
      xTicks: latencyCurve
        .filter(([percentile]) => CURVE_NAMES.has(percentile))
        .map(([percentile]) => [nines(percentile), CURVE_NAMES.get(percentile) ?? '']),
      series: [{ name: 'all requests', points: latencyCurve.map(([percentile, value]) => [nines(percentile), value]) }],
    }),
    writeLineChart({
      ...course,
      title: 'Requests and replies over time',
      yLabel: 'per second',
      series: [
        series('requests', ({ requestsPerSecond }) => requestsPerSecond),
        series('replies', ({ repliesPerSecond }) => repliesPerSecond),
      ],
    }),
    writeLineChart({
      ...course,
      title: 'Latency over time',
      yLabel: 'µs',
      isLogY: true,
      series: [series('p50', ({ p50 }) => p50), series('p99', ({ p99 }) => p99)],
    }),
  ].join('\n')
}

const CURVE_NAMES = new Map([
  [0, '0'],
  [50, '50'],
  [90, '90'],
  [99, '99'],
  [99.9, '99.9'],
  [99.99, '99.99'],
  [100, 'max'],
])

/** Each further nine takes the same distance. */
function nines(percentile: number): number {
  return -Math.log10(Math.max(1 - percentile / 100, 1e-6))
}

function facts(rows: readonly FigureRow[]): string {
  return `<table class="facts">${rows.map(cells).join('\n')}</table>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads = head.map((name) => `<th>${escapeMarkup(name)}</th>`).join('')
  return `<table><tr>${heads}</tr>\n${rows.map(cells).join('\n')}</table>`
}

function cells(row: readonly string[]): string {
  return `<tr>${row.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}</tr>`
}
