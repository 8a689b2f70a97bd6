// Classifies addresses: whether one may be in a swarm, and which peers may receive it (protocol rules SEC-14, SEC-15).
// Addresses are halfwords in network bytes, as requests and swarm memory hold them.

import { Family } from './announce.ts'

/** Kinds of peer addresses, independent of the configuration. */
export const AddressKind = {
  /** Reachable for any peer. */
  Global: 0,
  /** Private, loopback or link-local: only peers with private addresses can reach it. */
  Private: 1,
  /** Not usable by any peer (documentation, benchmarks, Teredo ...): counted, never handed out. */
  Unlisted: 2,
  /** Cannot be a peer's address: unspecified, multicast, reserved, broadcast. */
  Unusable: 3,
  /** In an overlay network whose nodes have addresses in 0200::/7 (Yggdrasil) and can reach each other. */
  Overlay: 4,
} as const
export type AddressKind = (typeof AddressKind)[keyof typeof AddressKind]

const { Global, Private, Unlisted, Unusable, Overlay } = AddressKind

const bytes = new Uint8Array(2)
const halfword = new Uint16Array(bytes.buffer)
/** True where the first byte of a halfword in memory is its lower one. */
const IS_LITTLE_ENDIAN = (() => {
  halfword[0] = 1
  return bytes[0] === 1
})()

/** The number in two network bytes, from the halfword that holds them. */
function networkHalfword(value: number): number {
  return IS_LITTLE_ENDIAN ? ((value & 0xff) << 8) | (value >> 8) : value
}

/** IPv4 kinds by first byte, which decides most addresses. -1: needs a closer look. */
const BY_FIRST_BYTE = new Int8Array(256).fill(Global)
BY_FIRST_BYTE.fill(Unusable, 224)
BY_FIRST_BYTE[0] = Unusable
BY_FIRST_BYTE[10] = Private
BY_FIRST_BYTE[127] = Private
for (const first of [100, 169, 172, 192, 198, 203]) BY_FIRST_BYTE[first] = -1

/** Kind of the IPv4 address in two halfwords of `endpoint`, from `at` on. */
export function ipv4Kind(endpoint: Uint16Array, at = 0): AddressKind {
  const front = networkHalfword(endpoint[at])
  const kind = BY_FIRST_BYTE[front >> 8]
  if (kind >= 0) return kind as AddressKind
  const second = front & 0xff
  const third = networkHalfword(endpoint[at + 1]) >> 8
  switch (front >> 8) {
    case 100:
      return (second & 0xc0) === 64 ? Private : Global
    case 169:
      return second === 254 ? Private : Global
    case 172:
      return (second & 0xf0) === 16 ? Private : Global
    case 192:
      if (second === 168) return Private
      return second === 0 && (third === 0 || third === 2) ? Unlisted : Global
    case 198:
      return (second & 0xfe) === 18 || (second === 51 && third === 100) ? Unlisted : Global
    default:
      return second === 0 && third === 113 ? Unlisted : Global
  }
}

/**
 * Kind of the IPv6 address in eight halfwords of `endpoint`, from `at` on. Addresses that contain an IPv4 address are
 * treated as IPv4 elsewhere.
 */
export function ipv6Kind(endpoint: Uint16Array, at = 0): AddressKind {
  const first = networkHalfword(endpoint[at])
  if (first === 0x2001) {
    const second = networkHalfword(endpoint[at + 1])
    return second === 0 || second === 0xdb8 ? Unlisted : Global
  }
  if (first >> 13 === 1) return Global
  if (first >> 8 === 0xff) return Unusable
  if ((first & 0xfe00) === 0x0200) return Overlay
  if ((first & 0xfe00) === 0xfc00 || (first & 0xff80) === 0xfe80) return Private
  if (first !== 0) return Unlisted
  for (let i = 1; i < 7; i++) if (endpoint[at + i] !== 0) return Unlisted
  const last = networkHalfword(endpoint[at + 7])
  return last === 0 ? Unusable : last === 1 ? Private : Unlisted
}

/** Kind of the address that begins at halfword `at` of `endpoint`. */
export function addressKind(family: Family, endpoint: Uint16Array, at = 0): AddressKind {
  return family === Family.IPv4 ? ipv4Kind(endpoint, at) : ipv6Kind(endpoint, at)
}

/** True for a private, loopback or link-local address, which limits by address spare unless the operator says so. */
export function isPrivateAddress(family: Family, endpoint: Uint16Array, at = 0): boolean {
  return addressKind(family, endpoint, at) === Private
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(family: Family, endpoint: Uint16Array): boolean {
  if (family === Family.IPv4) return networkHalfword(endpoint[0]) >> 8 === 127
  return endpoint[0] === 0 && ipv6Kind(endpoint) === Private
}
