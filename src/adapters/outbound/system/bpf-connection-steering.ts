// Steers new TCP connections when several sockets listen on one port (SO_REUSEPORT). A listening socket that closes
// drops the connections it has not yet accepted, so before it closes Linux is told to give new ones to other sockets.
// Linux runs a classic BPF program of one instruction that returns a socket's index: sockets are ordered by when they
// began to listen, so those of a later process come after all of ours.

import type { ConnectionSteering } from '../../../domain/ports/outbound/connection-steering.ts'

const SOL_SOCKET = 1
const SO_ATTACH_REUSEPORT_CBPF = 51
const SO_DETACH_REUSEPORT_BPF = 68
/** BPF_RET | BPF_K: the result is a constant. */
const RETURN = 0x06
const INSTRUCTION_BYTES = 8
/** struct sock_fprog: number of instructions (2 bytes), and their address (8 bytes, at offset 8). */
const PROGRAM_BYTES = 16
/** Architectures with this layout: 64 bits, little endian. */
const ARCHITECTURES = ['x64', 'arm64', 'riscv64', 'loong64']

type SetSocketOption = (fd: number, level: number, name: number, value: Uint8Array, length: number) => number

export class BpfConnectionSteering implements ConnectionSteering {
  readonly #setSocketOption: SetSocketOption
  readonly #addressOf: (memory: ArrayBuffer) => bigint
  readonly #own: number

  private constructor(setSocketOption: SetSocketOption, addressOf: (memory: ArrayBuffer) => bigint, own: number) {
    this.#setSocketOption = setSocketOption
    this.#addressOf = addressOf
    this.#own = own
  }

  /** `own`: number of this process's sockets on each port. Undefined where connections cannot be steered. */
  static async load(own: number): Promise<BpfConnectionSteering | undefined> {
    if (process.platform !== 'linux' || !ARCHITECTURES.includes(process.arch)) return undefined
    try {
      const { address, load } = await import('koffi')
      const setSocketOption = load(null).func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t'])
      return new BpfConnectionSteering(setSocketOption, (memory) => BigInt(address(memory)), own)
    } catch {
      return undefined
    }
  }

  steerAway(fd: number): boolean {
    const instruction = new ArrayBuffer(INSTRUCTION_BYTES)
    const code = new DataView(instruction)
    code.setUint16(0, RETURN, true)
    code.setUint32(4, this.#own, true)
    const program = new ArrayBuffer(PROGRAM_BYTES)
    const fields = new DataView(program)
    fields.setUint16(0, 1, true)
    fields.setBigUint64(8, this.#addressOf(instruction), true)
    return this.#set(fd, SO_ATTACH_REUSEPORT_CBPF, new Uint8Array(program))
  }

  spread(fd: number): void {
    this.#set(fd, SO_DETACH_REUSEPORT_BPF, new Uint8Array(4))
  }

  #set(fd: number, option: number, value: Uint8Array): boolean {
    return this.#setSocketOption(fd, SOL_SOCKET, option, value, value.length) === 0
  }
}
