// Drops in the kernel, during a flood, what is no request by its first 16 bytes, so that it takes neither the thread's
// time nor the receive buffer from others. The filter is a classic BPF program, which needs no privilege. It is
// attached only while there is a flood: at other times such datagrams are counted by kind, and those with a valid
// connection id are answered with an error (UDP-16).

import { ACTION_AT, Action, MAGIC_HIGH, MAGIC_LOW, REQUEST_HEADER_BYTES } from '../../../protocol/udp/layout.ts'
import type { Instruction, SocketFilter } from './socket-filter.ts'

/** As many such datagrams in one second are a flood. */
export const JUNK_FLOOD = 1000
/** Seconds with less than that before the filter is detached. */
export const QUIET_SECONDS = 10

/** The filter of a UDP socket sees the packet from its UDP header on. */
const UDP_HEADER_BYTES = 8
const LOAD_LENGTH = 0x80
const LOAD_WORD_AT = 0x20
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_AT_LEAST = 0x35
const RETURN = 0x06

const RULES: readonly Instruction[] = [
  [LOAD_LENGTH, 0, 0, 0],
  [JUMP_IF_AT_LEAST, 0, 8, UDP_HEADER_BYTES + REQUEST_HEADER_BYTES],
  [LOAD_WORD_AT, 0, 0, UDP_HEADER_BYTES + ACTION_AT],
  [JUMP_IF_EQUAL, 7, 0, Action.Announce],
  [JUMP_IF_EQUAL, 6, 0, Action.Scrape],
  [JUMP_IF_EQUAL, 0, 4, Action.Connect],
  [LOAD_WORD_AT, 0, 0, UDP_HEADER_BYTES],
  [JUMP_IF_EQUAL, 0, 2, MAGIC_HIGH],
  [LOAD_WORD_AT, 0, 0, UDP_HEADER_BYTES + 4],
  [JUMP_IF_EQUAL, 1, 0, MAGIC_LOW],
  [RETURN, 0, 0, 0],
]

export class JunkFilter {
  isAttached = false
  readonly #filter: SocketFilter
  /** In the current second. */
  #junk = 0
  #quietSeconds = 0
  #isRefused = false

  constructor(filter: SocketFilter) {
    this.#filter = filter
  }

  /** Notes the junk of a batch; returns whether the filter has been attached because of it. */
  note(junk: number): boolean {
    this.#junk += junk
    if (this.#junk < JUNK_FLOOD || this.isAttached || this.#isRefused) return false
    this.#attach()
    return this.isAttached
  }

  /** To be called about once a second with the number of datagrams that the filter has dropped since the last call. */
  everySecond(filtered: number): void {
    const isQuiet = this.#junk + filtered < JUNK_FLOOD
    this.#junk = 0
    if (!this.isAttached) return
    this.#quietSeconds = isQuiet ? this.#quietSeconds + 1 : 0
    if (this.#quietSeconds < QUIET_SECONDS) return
    this.isAttached = !this.#filter.setJunk([])
  }

  /** Where the kernel refuses the rules, it is not asked again. */
  #attach(): void {
    this.#quietSeconds = 0
    this.isAttached = this.#filter.setJunk(RULES)
    this.#isRefused = !this.isAttached
  }
}
