// Which addresses are banned, for the listeners of torrent clients. Part of the hot lane.

import type { Family } from '../../announce.ts'
import { port } from '../port.ts'

export interface Bans {
  /** The address is at `at` of `words` in network bytes: 1 word for IPv4, 4 for IPv6. */
  isBanned(family: Family, words: Int32Array, at: number): boolean
}
export const Bans = port<Bans>('Bans')
