// Layout of histograms and gauges in a row of shared memory. A row belongs to one thread and is padded like a row of
// counters. A histogram is its sum, then a count for each bucket; the gauges follow the last histogram.

export class MeasurementLayout {
  /** Upper bounds of the buckets, by histogram. */
  readonly bounds: readonly (readonly number[])[]
  /** Where each histogram begins, in doubles. */
  readonly starts: readonly number[]
  readonly gaugeCount: number
  readonly gaugesAt: number
  readonly rowLength: number

  constructor(bounds: readonly (readonly number[])[], gaugeCount: number) {
    const startOf = (histogram: number): number =>
      bounds.slice(0, histogram).reduce((doubles, { length }) => doubles + length + 2, 0)
    this.bounds = bounds
    this.starts = bounds.map((_, histogram) => startOf(histogram))
    this.gaugeCount = gaugeCount
    this.gaugesAt = startOf(bounds.length)
    this.rowLength = Math.ceil((this.gaugesAt + gaugeCount) / 16) * 16
  }

  /** Memory for the measurements of `threads` threads. */
  createMemory(threads: number): SharedArrayBuffer {
    return new SharedArrayBuffer(threads * this.rowLength * Float64Array.BYTES_PER_ELEMENT)
  }

  /** The row of one thread, by its number. */
  rowOf(memory: SharedArrayBuffer, thread: number): Float64Array {
    return new Float64Array(memory, thread * this.rowLength * Float64Array.BYTES_PER_ELEMENT, this.rowLength)
  }
}
