// The loads for comparing UDP trackers, by number of peers per reply.

import type { RunningTracker } from '../tracker.ts'

export interface Shape {
  readonly name: string
  /** Options of udp-load. */
  readonly options: readonly string[]
}

const PUBLISHED = ['--torrents', '1000000', '--peers', '2000000']
/** Swarms of 500, so that even a seeder, which gets only leechers, gets 74 of them. */
const LARGE_SWARMS = ['--torrents', '2000', '--peers', '1000000', '--evenly']

export const SHAPES: readonly Shape[] = [
  { name: 'no peers', options: [...PUBLISHED, '--want', '0'] },
  { name: 'published mix', options: PUBLISHED },
  { name: '74 peers', options: [...LARGE_SWARMS, '--want', '74'] },
]

export const PUBLISHED_MIX: Shape = { name: 'published mix', options: PUBLISHED }
export const REAL_MIX: Shape = { name: 'public tracker mix', options: [...PUBLISHED, '--real'] }

/** A tracker that can be measured. Each measurement gets a fresh one. */
export interface Subject {
  readonly name: string
  start(shape: Shape): Promise<RunningTracker>
}
