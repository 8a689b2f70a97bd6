import { describe, expect, it } from '@jest/globals'
import { BatchedSocket } from '../../../../../src/adapters/inbound/udp/batched/batched-socket.ts'
import { SocketFilter } from '../../../../../src/adapters/inbound/udp/batched/socket-filter.ts'
import { SLOT_BYTES } from '../../../../../src/adapters/inbound/udp/datagram-memory.ts'
import { LOUD, LoudLevel } from '../../../../../src/adapters/inbound/udp/loud-sources.ts'
import { SO_ATTACH_FILTER } from '../../../../../src/adapters/linux/constants.ts'
import type { Libc } from '../../../../../src/adapters/linux/libc.ts'
import { AF_INET, SOURCE_BYTES } from '../../../../../src/adapters/linux/socket-address.ts'
import { Family } from '../../../../../src/domain/announce.ts'
import { bytesOf, CONNECT_REQUEST } from '../../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk, LENIENT } from '../a-handler.ts'

const EPERM = 1
const EINTR = 4
const EBADF = 9
const EAGAIN = 11
const ENETUNREACH = 101
const ENOBUFS = 105

/** The result of a call of sendmmsg: the number of messages sent, or an error. */
type Outcome = { readonly sent: number } | { readonly errno: number }

const MESSAGE_BYTES = 64

/** A C library that sends with preset outcomes and records which messages it was asked to send. */
class FakeLibc implements Libc {
  readonly asked: { readonly first: number; readonly count: number }[] = []
  drops = 0
  receiveErrno = EAGAIN
  readonly #outcomes: Outcome[]
  #errno = 0
  #firstAt: number | undefined

  constructor(outcomes: readonly Outcome[] = []) {
    this.#outcomes = [...outcomes]
  }

  sendmmsg(_fd: number, messagesAt: number, count: number): number {
    this.#firstAt ??= messagesAt
    this.asked.push({ first: (messagesAt - this.#firstAt) / MESSAGE_BYTES, count })
    const outcome = this.#outcomes.shift() ?? { sent: count }
    if ('sent' in outcome) return outcome.sent
    this.#errno = outcome.errno
    return -1
  }

  recvmmsg(): number {
    this.#errno = this.receiveErrno
    return -1
  }

  getsockopt(_fd: number, _level: number, _name: number, value: Uint8Array): number {
    new DataView(value.buffer).setUint32(32, this.drops, true)
    return 0
  }

  errno = (): number => this.#errno
  addressOf = (): number => 0x7f00_0000_1000
  socket = (): number => 3
  /** Instructions of the filter in force, and the most that the kernel takes. */
  instructions = 0
  maxInstructions = 4096

  setsockopt(_fd: number, _level: number, name: number, value: Uint8Array): number {
    if (name !== SO_ATTACH_FILTER) return 0
    const count = new DataView(value.buffer).getUint16(0, true)
    if (count > this.maxInstructions) return -1
    this.instructions = count
    return 0
  }

  bind = (): number => 0
  connect = (): number => 0
  getsockname = (): number => 0
  close = (): number => 0
  poll = (): number => 0
  ppoll = (): number => 0
}

/** A socket over a handler whose slots contain connects; each of them gets a reply of 16 bytes. */
function aSocket(libc: FakeLibc, desk: HandlerOnADesk): BatchedSocket {
  const { received, sources } = desk.handler.memory
  for (let slot = 0; slot < 8; slot++) {
    received.bytes.set(bytesOf(CONNECT_REQUEST), slot * SLOT_BYTES)
    sources.wire.setUint16(slot * SOURCE_BYTES, AF_INET, true)
    sources.bytes.set([0x9c, 0x40, 203, 0, 113, 7], slot * SOURCE_BYTES + 2)
  }
  const open = { fd: 3, bound: { address: '127.0.0.1', port: 6969 }, isIPv6: false, keepsLocalAddress: false }
  const socket = new BatchedSocket(libc, open, desk.handler, LENIENT)
  // The fake kernel does not set the lengths of the datagrams.
  desk.handler.answer = () => 16
  return socket
}

describe('a batch of replies', () => {
  it.each([
    { what: 'is sent in one call', outcomes: [], asked: [[0, 8]], sent: 8, failed: 0 },
    {
      what: 'continues after a partial send',
      outcomes: [{ sent: 3 }],
      asked: [
        [0, 8],
        [3, 5],
      ],
      sent: 8,
      failed: 0,
    },
    {
      what: 'is retried after a signal',
      outcomes: [{ errno: EINTR }],
      asked: [
        [0, 8],
        [0, 8],
      ],
      sent: 8,
      failed: 0,
    },
    {
      what: 'skips a reply that is forbidden',
      outcomes: [{ errno: EPERM }],
      asked: [
        [0, 8],
        [1, 7],
      ],
      sent: 7,
      failed: 1,
    },
    {
      what: 'skips a reply that has no route',
      outcomes: [{ sent: 7 }, { errno: ENETUNREACH }],
      asked: [
        [0, 8],
        [7, 1],
      ],
      sent: 7,
      failed: 1,
    },
    {
      what: 'skips a reply for which there is no memory',
      outcomes: [{ errno: ENOBUFS }],
      asked: [
        [0, 8],
        [1, 7],
      ],
      sent: 7,
      failed: 1,
    },
    {
      what: 'is dropped when the send buffer stays full',
      outcomes: [{ sent: 2 }, { errno: EAGAIN }],
      asked: [
        [0, 8],
        [2, 6],
      ],
      sent: 2,
      failed: 6,
    },
  ])('$what', ({ outcomes, asked, sent, failed }) => {
    const libc = new FakeLibc(outcomes)
    const desk = new HandlerOnADesk()
    aSocket(libc, desk).answer(8)
    expect(libc.asked.map(({ first, count }) => [first, count])).toEqual(asked)
    expect(desk.counted('udp4_replies_sent')).toBe(sent)
    expect(desk.counted('udp_send_failures')).toBe(failed)
    expect(desk.counted('udp_batches')).toBe(1)
  })

  it('contains only the replies of datagrams that have one', () => {
    const libc = new FakeLibc()
    const desk = new HandlerOnADesk()
    const socket = aSocket(libc, desk)
    desk.handler.answer = (slot: number) => (slot % 2 === 0 ? 16 : 0)
    socket.answer(8)
    expect(libc.asked).toEqual([{ first: 0, count: 4 }])
  })
})

describe('a batch of datagrams', () => {
  it('is answered in order, those of proven clients first', () => {
    const desk = new HandlerOnADesk()
    const socket = aSocket(new FakeLibc(), desk)
    const answered: number[] = []
    desk.handler.isProven = (slot: number) => slot % 3 === 2
    desk.handler.answer = (slot: number) => {
      answered.push(slot)
      return 16
    }
    socket.answer(8)
    expect(answered).toEqual([2, 5, 0, 1, 3, 4, 6, 7])
  })
})

describe('receiving', () => {
  it.each([EAGAIN, EINTR])('without a datagram (errno %i) is not a failure', (errno) => {
    const desk = new HandlerOnADesk()
    const socket = aSocket(Object.assign(new FakeLibc(), { receiveErrno: errno }), desk)
    expect(socket.receive(0)).toBe(0)
    expect(desk.counted('udp_receive_failures')).toBe(0)
  })

  it('counts a network failure and goes on', () => {
    const desk = new HandlerOnADesk()
    const socket = aSocket(Object.assign(new FakeLibc(), { receiveErrno: ENETUNREACH }), desk)
    expect(socket.receive(0)).toBe(0)
    expect(desk.counted('udp_receive_failures')).toBe(1)
  })

  it('throws when it can never succeed', () => {
    const socket = aSocket(Object.assign(new FakeLibc(), { receiveErrno: EBADF }), new HandlerOnADesk())
    expect(() => socket.receive(0)).toThrow('recvmmsg on port 6969 failed with errno 9')
  })
})

describe("the kernel's drops", () => {
  it('are each counted once, also when the counter wraps', () => {
    const libc = new FakeLibc()
    const desk = new HandlerOnADesk()
    const socket = aSocket(libc, desk)
    for (const drops of [5, 5, 12, 0x7fffffff, 0x80000001]) {
      libc.drops = drops
      socket.countDrops()
      desk.counted('udp_kernel_drops')
    }
    expect(desk.counted('udp_kernel_drops')).toBe(0x80000001)
  })
})

describe('the filter of a socket', () => {
  /** Two instructions for each of `sources` addresses, and a dozen for all of them. */
  function instructionsWith(maxInstructions: number, sources: number): number {
    const libc = new FakeLibc()
    libc.maxInstructions = maxInstructions
    const desk = new HandlerOnADesk()
    const socket = aSocket(libc, desk)
    for (let source = 0; source < sources; source++) {
      for (let i = 0; i < LOUD; i++) desk.handler.loud.note(Family.IPv4, LoudLevel.Address, 0x0b00_0000 + source, 0)
    }
    socket.countDrops()
    return libc.instructions
  }

  it('holds all loud sources that the kernel has room for, and the first of them where it has less', () => {
    expect(instructionsWith(4096, 100)).toBeGreaterThan(200)
    expect(instructionsWith(4096, 100)).toBeLessThan(220)
    expect(instructionsWith(150, 100)).toBeGreaterThan(64)
    expect(instructionsWith(150, 100)).toBeLessThanOrEqual(150)
    expect(instructionsWith(12, 100)).toBeGreaterThan(0)
    expect(instructionsWith(1, 100)).toBe(0)
  })

  it('rather has the rules against junk than those against sources', () => {
    const libc = new FakeLibc()
    const filter = new SocketFilter(libc, 3)
    const rules = (count: number) => Array.from({ length: count }, () => [0x06, 0, 0, 0] as const)
    libc.maxInstructions = 20
    expect(filter.setLoud(rules(15))).toBe(true)
    expect(filter.setJunk(rules(11))).toBe(true)
    expect(libc.instructions).toBe(12)
    expect(filter.setLoud(rules(15))).toBe(false)
    expect(filter.setLoud(rules(8))).toBe(true)
    expect(libc.instructions).toBe(20)
    libc.maxInstructions = 10
    expect(new SocketFilter(libc, 3).setJunk(rules(11))).toBe(false)
  })
})
