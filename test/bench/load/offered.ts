// What one thread of the load generator offers: announces to a socket that nobody reads, in turns with a C program.

import { fixed, median, progress, thousands } from '../bench.ts'
import { LOAD_CORES, outputOf, pinnedTo } from '../processes.ts'
import type { NativeTools } from '../udp/native-tools.ts'
import type { LoadFinding } from './load-finding.ts'
import { musterLoad } from './muster-load.ts'

const TURNS = 3
const MIN_RATIO = 0.8
/** On the machine of the benchmarks. */
const WANTED = 350_000
/** Nothing waits in the socket of a process that never reads. */
const SILENT = [
  "const s = require('node:dgram').createSocket('udp4')",
  "s.bind(0, '127.0.0.1', () => { console.log(s.address().port); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) })",
].join(';')

export const silentServer = [process.execPath, '-e', SILENT] as const

export async function measureOffered(tools: NativeTools, port: number, seconds: number): Promise<LoadFinding> {
  const own: number[] = []
  const native: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    progress(`offered rate: turn ${turn + 1} of ${TURNS}`)
    const report = await musterLoad(`udp://127.0.0.1:${port}`, [
      ...['--hostile', 'forged-ids=1', '--in-flight', '64', '--warm-up', '0.5', '--duration', String(seconds)],
    ])
    own.push(report.hostileSent / report.seconds)
    const place = ['forged', '127.0.0.1', String(port), String(seconds), '127.7.0.0/16']
    native.push(JSON.parse(await outputOf([...pinnedTo(LOAD_CORES), tools.flood, ...place])).sentPerSecond)
  }
  const ratio = median(own.map((rate, turn) => rate / native[turn]))
  return {
    isWithinBound: ratio >= MIN_RATIO && median(own) >= WANTED,
    table: {
      title: 'Announces that one thread offers a second, to a socket that nobody reads',
      columns: ['sender', 'a second', 'ratio', 'bound'],
      rows: [
        ['muster load', thousands(median(own)), fixed(ratio, 2), `at least ${MIN_RATIO} and ${thousands(WANTED)}`],
        ['udp-flood (C)', thousands(median(native)), '1', ''],
      ],
    },
    notes: ['Counted is what the kernel took. A slower machine than that of the benchmarks misses the bound.'],
    figures: { own, native },
  }
}
