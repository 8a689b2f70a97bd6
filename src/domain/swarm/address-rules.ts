// What one address or network may hold of a swarm and of the whole memory (protocol rules SEC-16 and SEC-20), as it
// stands in the swarm memory: hash tables and counters depend on it, so it is the same for all threads. An address is
// an IPv4 address or an IPv6 /64, a network an IPv4 /24 or an IPv6 /48.

import { Family } from '../announce.ts'
import { Header } from './layout.ts'

export interface AddressRules {
  /** Entries that one address may have in a swarm; 0 for any number. */
  readonly maxPeersPerAddress: number
  /** Private and loopback addresses have limits as well. */
  readonly appliesToPrivate: boolean
  /** Torrents in memory that an address, and a network, has made; 0 for any number, as below. */
  readonly maxTorrentsPerAddress: number
  readonly maxTorrentsPerNetwork: number
  /** Entries of an address, and of a network, in all swarms together. */
  readonly maxTotalPeersPerAddress: number
  readonly maxTotalPeersPerNetwork: number
  /** Torrents that an address may make in a second (0: any number), and at once after a pause. */
  readonly newTorrentRate: number
  readonly newTorrentBurst: number
  /** What a network may make in a second and at once, as a multiple of that. */
  readonly prefixMultiple: number
}

export const DEFAULT_ADDRESS_RULES: AddressRules = {
  maxPeersPerAddress: 16,
  appliesToPrivate: false,
  maxTorrentsPerAddress: 20_000,
  maxTorrentsPerNetwork: 100_000,
  maxTotalPeersPerAddress: 500_000,
  maxTotalPeersPerNetwork: 2_000_000,
  newTorrentRate: 20,
  newTorrentBurst: 10_000,
  prefixMultiple: 8,
}
/** Entries of one address are neighbours in a hash table, so that their number bounds every search. */
export const MAX_PEERS_PER_ADDRESS = 256

export function writeAddressRules(words: Int32Array, rules: AddressRules): void {
  words[Header.MaxPeersPerAddress] = rules.maxPeersPerAddress
  words[Header.AppliesToPrivate] = rules.appliesToPrivate ? 1 : 0
  words[Header.MaxTorrentsPerAddress] = rules.maxTorrentsPerAddress
  words[Header.MaxTorrentsPerNetwork] = rules.maxTorrentsPerNetwork
  words[Header.MaxTotalPeersPerAddress] = rules.maxTotalPeersPerAddress
  words[Header.MaxTotalPeersPerNetwork] = rules.maxTotalPeersPerNetwork
  words[Header.NewTorrentRate] = rules.newTorrentRate
  words[Header.NewTorrentBurst] = rules.newTorrentBurst
  words[Header.NewTorrentMultiple] = rules.prefixMultiple
}

/** Halfwords of an endpoint that tell addresses apart. */
export function holderHalfwords(family: Family): number {
  return family === Family.IPv4 ? 2 : 4
}

/** Mask of the byte of a halfword that comes first in memory. */
export const FIRST_BYTE = new Uint16Array(new Uint8Array([0xff, 0]).buffer)[0]

/** Of the last halfword that tells addresses apart, the bits that tell networks apart. */
export function networkMask(family: Family): number {
  return family === Family.IPv4 ? FIRST_BYTE : 0
}

/** True when two endpoints of a family are of one /24 or /48. */
export function isSameNetwork(family: Family, a: Uint16Array, aAt: number, b: Uint16Array, bAt: number): boolean {
  if (a[aAt] !== b[bAt]) return false
  // The third byte of an IPv4 address is the first of its halfword, whatever the byte order of the machine.
  if (family === Family.IPv4) return ((a[aAt + 1] ^ b[bAt + 1]) & FIRST_BYTE) === 0
  return a[aAt + 2] === b[bAt + 2] && a[aAt + 1] === b[bAt + 1]
}

/** True when two endpoints of a family, in the same memory, are of one /16 or /32. */
export function isSameRegion(family: Family, halfwords: Uint16Array, a: number, b: number): boolean {
  return halfwords[a] === halfwords[b] && (family === Family.IPv4 || halfwords[a + 1] === halfwords[b + 1])
}
