import { describe, expect, it } from '@jest/globals'
import { BatchedSocket } from '../../../../../src/adapters/inbound/udp/batched/batched-socket.ts'
import type { Libc } from '../../../../../src/adapters/inbound/udp/batched/libc.ts'
import { AF_INET, SLOT_BYTES, SOURCE_BYTES } from '../../../../../src/adapters/inbound/udp/datagram-memory.ts'
import { bytesOf, CONNECT_REQUEST } from '../../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from '../a-handler.ts'

const EPERM = 1
const EINTR = 4
const EBADF = 9
const EAGAIN = 11
const ENETUNREACH = 101
const ENOBUFS = 105

/** What a call of sendmmsg returns: so many messages sent, or an error. */
type Outcome = { readonly sent: number } | { readonly errno: number }

const MESSAGE_BYTES = 64

/** A C library that sends as it is told, and notes from which message on it was asked to. */
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
  setsockopt = (): number => 0
  bind = (): number => 0
  connect = (): number => 0
  getsockname = (): number => 0
  close = (): number => 0
  poll = (): number => 0
}

/** A socket over a desk whose slots hold connects; every one of them gets a reply of 16 bytes. */
function aSocket(libc: FakeLibc, desk: HandlerOnADesk): BatchedSocket {
  const { received, sources } = desk.handler.memory
  for (let slot = 0; slot < 8; slot++) {
    received.bytes.set(bytesOf(CONNECT_REQUEST), slot * SLOT_BYTES)
    sources.wire.setUint16(slot * SOURCE_BYTES, AF_INET, true)
    sources.bytes.set([0x9c, 0x40, 203, 0, 113, 7], slot * SOURCE_BYTES + 2)
  }
  const open = { fd: 3, bound: { address: '127.0.0.1', port: 6969 }, isIPv6: false, keepsLocalAddress: false }
  const socket = new BatchedSocket(libc, open, desk.handler)
  // The kernel is not there to say how long the datagrams are.
  desk.handler.answer = () => 16
  return socket
}

describe('a batch of replies', () => {
  it.each([
    { what: 'goes out at once', outcomes: [], asked: [[0, 8]], sent: 8, failed: 0 },
    {
      what: 'goes on after a part of it',
      outcomes: [{ sent: 3 }],
      asked: [
        [0, 8],
        [3, 5],
      ],
      sent: 8,
      failed: 0,
    },
    {
      what: 'is tried again after a signal',
      outcomes: [{ errno: EINTR }],
      asked: [
        [0, 8],
        [0, 8],
      ],
      sent: 8,
      failed: 0,
    },
    {
      what: 'leaves out what is forbidden',
      outcomes: [{ errno: EPERM }],
      asked: [
        [0, 8],
        [1, 7],
      ],
      sent: 7,
      failed: 1,
    },
    {
      what: 'leaves out what has no route',
      outcomes: [{ sent: 7 }, { errno: ENETUNREACH }],
      asked: [
        [0, 8],
        [7, 1],
      ],
      sent: 7,
      failed: 1,
    },
    {
      what: 'leaves out what finds no memory',
      outcomes: [{ errno: ENOBUFS }],
      asked: [
        [0, 8],
        [1, 7],
      ],
      sent: 7,
      failed: 1,
    },
    {
      what: 'is given up when there is no room',
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

  it('has no place for silence', () => {
    const libc = new FakeLibc()
    const desk = new HandlerOnADesk()
    const socket = aSocket(libc, desk)
    desk.handler.answer = (slot: number) => (slot % 2 === 0 ? 16 : 0)
    socket.answer(8)
    expect(libc.asked).toEqual([{ first: 0, count: 4 }])
  })
})

describe('receiving', () => {
  it.each([EAGAIN, EINTR])('without a datagram (errno %i) is no failure', (errno) => {
    const desk = new HandlerOnADesk()
    const socket = aSocket(Object.assign(new FakeLibc(), { receiveErrno: errno }), desk)
    expect(socket.receive(0)).toBe(0)
    expect(desk.counted('udp_receive_failures')).toBe(0)
  })

  it('counts a failure of the network and goes on', () => {
    const desk = new HandlerOnADesk()
    const socket = aSocket(Object.assign(new FakeLibc(), { receiveErrno: ENETUNREACH }), desk)
    expect(socket.receive(0)).toBe(0)
    expect(desk.counted('udp_receive_failures')).toBe(1)
  })

  it('ends with an error when it can never succeed', () => {
    const socket = aSocket(Object.assign(new FakeLibc(), { receiveErrno: EBADF }), new HandlerOnADesk())
    expect(() => socket.receive(0)).toThrow('recvmmsg on port 6969 failed with errno 9')
  })
})

describe("the kernel's drops", () => {
  it('are counted once each, across the wrap of their counter', () => {
    const libc = new FakeLibc()
    const desk = new HandlerOnADesk()
    const socket = aSocket(libc, desk)
    for (const drops of [5, 5, 12, 0x7fffffff, 0x80000001]) {
      libc.drops = drops
      socket.countDrops()
      desk.handler.tally.flush()
    }
    expect(desk.counted('udp_kernel_drops')).toBe(0x80000001)
  })
})
