// The one classic BPF program of a socket, composed of the rules that are in force: a socket has room for one. It needs
// no privilege. Where the kernel refuses a program for its length (`net.core.optmem_max`), the one before stays.

import { SO_ATTACH_FILTER, SO_DETACH_FILTER, SOL_SOCKET } from '../../../linux/constants.ts'
import type { Libc } from '../../../linux/libc.ts'

/** struct sock_filter, 8 bytes: code (2 bytes), instructions to skip if true and if false (1 each), operand (4). */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number]

const INSTRUCTION_BYTES = 8
/** struct sock_fprog: number of instructions (2 bytes), and their address (8 bytes, at offset 8). */
const PROGRAM_BYTES = 16
const ACCEPT_ALL: Instruction = [0x06, 0, 0, 0xffff_ffff]

export class SocketFilter {
  /** The kernel may be dropping datagrams for another reason than a full receive buffer. */
  isAttached = false
  readonly #libc: Libc
  readonly #fd: number
  #loud: readonly Instruction[] = []
  #junk: readonly Instruction[] = []

  constructor(libc: Libc, fd: number) {
    this.#libc = libc
    this.#fd = fd
  }

  /** Rules against loud sources; returns whether they are in force now. */
  setLoud(rules: readonly Instruction[]): boolean {
    if (!this.#attach([...rules, ...this.#junk])) return false
    this.#loud = rules
    return true
  }

  /** The same for datagrams that are no requests: a few instructions, before which those against sources give way. */
  setJunk(rules: readonly Instruction[]): boolean {
    if (!this.#attach([...this.#loud, ...rules])) {
      if (this.#loud.length === 0 || !this.#attach(rules)) return false
      this.#loud = []
    }
    this.#junk = rules
    return true
  }

  /** The kernel copies the program. Rules that fall through accept. */
  #attach(rules: readonly Instruction[]): boolean {
    if (rules.length === 0) {
      if (this.isAttached) this.#libc.setsockopt(this.#fd, SOL_SOCKET, SO_DETACH_FILTER, new Uint8Array(4), 4)
      this.isAttached = false
      return true
    }
    const all = [...rules, ACCEPT_ALL]
    const instructions = new DataView(new ArrayBuffer(all.length * INSTRUCTION_BYTES))
    all.forEach(([code, ifTrue, ifFalse, operand], index) => {
      const at = index * INSTRUCTION_BYTES
      instructions.setUint16(at, code, true)
      instructions.setUint8(at + 2, ifTrue)
      instructions.setUint8(at + 3, ifFalse)
      instructions.setInt32(at + 4, operand, true)
    })
    const program = new Uint8Array(PROGRAM_BYTES)
    const fields = new DataView(program.buffer)
    fields.setUint16(0, all.length, true)
    fields.setBigUint64(8, BigInt(this.#libc.addressOf(instructions.buffer)), true)
    if (this.#libc.setsockopt(this.#fd, SOL_SOCKET, SO_ATTACH_FILTER, program, program.length) !== 0) return false
    this.isAttached = true
    return true
  }
}
