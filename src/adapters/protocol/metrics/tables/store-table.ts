// Histograms of the database. Its outages are counted by the tracker itself.

import { seconds } from './seconds.ts'

export const STORE_HISTOGRAMS = {
  /** One statement, as seen by the database driver. */
  store_query: seconds(100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 250_000, 1e6, 2.5e6, 10e6),
} as const
