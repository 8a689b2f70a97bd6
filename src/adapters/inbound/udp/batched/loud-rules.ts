// The part of a socket's filter that drops most datagrams of loud sources. A random part passes, so that the rate limit
// keeps measuring them, and what they are entitled to is served.

import { LoudLevel, type LoudSources, loudMark, MAX_LOUD, SAMPLED_EVERY } from '../loud-sources.ts'
import type { Instruction } from './socket-filter.ts'

/** Offsets relative to the IP header, and of a random number: linux/filter.h. */
const NET_OFFSET = -0x10_0000
const RANDOM_OFFSET = -0x1000 + 56
const IPV4_SOURCE_AT = 12
const IPV6_SOURCE_AT = 8
const LOAD_WORD_AT = 0x20
const AND = 0x54
const JUMP = 0x05
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_ANY_BIT = 0x45
const RETURN = 0x06

/** In network order: of an IPv4 address, and of the second word of an IPv6 one. */
const IPV4_PREFIX_MASK = 0xffff_ff00
const IPV4_NETWORK_MASK = 0xffff_0000
const IPV6_PREFIX_MASK = 0xffff_0000

/** For up to `maxSources` of each level. No instruction if no source of the family is loud. */
export function loudRules(loud: LoudSources, isIPv6: boolean, maxSources = MAX_LOUD): readonly Instruction[] {
  const body = isIPv6 ? rulesIPv6(loud, maxSources) : rulesIPv4(loud, maxSources)
  if (body.length === 0) return []
  // Each jump to the end of the body is a jump to the drawing of lots, which is behind a jump past it.
  const drawn: readonly Instruction[] = [
    [JUMP, 0, 0, 3],
    [LOAD_WORD_AT, 0, 0, RANDOM_OFFSET],
    [JUMP_IF_ANY_BIT, 0, 1, SAMPLED_EVERY - 1],
    [RETURN, 0, 0, 0],
  ]
  const rules = body.map(
    (instruction, index): Instruction => (instruction[0] === JUMP ? [JUMP, 0, 0, body.length - index] : instruction),
  )
  return [...rules, ...drawn]
}

function rulesIPv4(loud: LoudSources, maxSources: number): readonly Instruction[] {
  const rules = (level: LoudLevel): readonly Instruction[] =>
    slotsOf(loud, loudMark(false, level), maxSources).flatMap((slot) => ifEqual(wordAt(loud.firsts, slot)))
  const addresses = rules(LoudLevel.Address)
  const prefixes = rules(LoudLevel.Prefix)
  const networks = rules(LoudLevel.Network)
  if (addresses.length + prefixes.length + networks.length === 0) return []
  return [
    [LOAD_WORD_AT, 0, 0, NET_OFFSET + IPV4_SOURCE_AT],
    ...addresses,
    [AND, 0, 0, IPV4_PREFIX_MASK],
    ...prefixes,
    [AND, 0, 0, IPV4_NETWORK_MASK],
    ...networks,
  ]
}

function rulesIPv6(loud: LoudSources, maxSources: number): readonly Instruction[] {
  const slots = (level: LoudLevel): number[] => slotsOf(loud, loudMark(true, level), maxSources)
  return [
    ...slots(LoudLevel.Address).flatMap((slot) => ifBothEqual(loud, slot, [])),
    ...slots(LoudLevel.Prefix).flatMap((slot) => ifBothEqual(loud, slot, [[AND, 0, 0, IPV6_PREFIX_MASK]])),
    ...slots(LoudLevel.Network).flatMap((slot): readonly Instruction[] => [
      [LOAD_WORD_AT, 0, 0, NET_OFFSET + IPV6_SOURCE_AT],
      ...ifEqual(wordAt(loud.firsts, slot)),
    ]),
  ]
}

function ifBothEqual(loud: LoudSources, slot: number, masked: readonly Instruction[]): readonly Instruction[] {
  return [
    [LOAD_WORD_AT, 0, 0, NET_OFFSET + IPV6_SOURCE_AT],
    [JUMP_IF_EQUAL, 0, 3 + masked.length, wordAt(loud.firsts, slot)],
    [LOAD_WORD_AT, 0, 0, NET_OFFSET + IPV6_SOURCE_AT + 4],
    ...masked,
    ...ifEqual(wordAt(loud.seconds, slot)),
  ]
}

/** Jumps are longer than a conditional one can be. */
function ifEqual(word: number): readonly Instruction[] {
  return [
    [JUMP_IF_EQUAL, 0, 1, word],
    [JUMP, 0, 0, 0],
  ]
}

function slotsOf(loud: LoudSources, mark: number, maxSources: number): number[] {
  const slots = [...loud.marks.keys()].filter((slot) => loud.loudFor[slot] !== 0 && loud.marks[slot] === mark)
  return slots.slice(0, maxSources)
}

/** The word as the kernel loads it: in network order. */
function wordAt(words: Int32Array, slot: number): number {
  return new DataView(words.buffer).getInt32(4 * slot)
}
