// What the load needs of its UDP sockets, on Linux and elsewhere.

export interface LoadSockets {
  readonly count: number
  /** Whether replies arrive while the thread runs on; otherwise only when it returns to the event loop. */
  readonly isSynchronous: boolean
  /** Receives what has arrived, up to a batch; returns the number of datagrams. Never waits. */
  receive(socket: number): number
  /** Sends the first `count` requests of the batch; returns how many the kernel took. */
  send(socket: number, count: number): number
  /** Waits until something arrives, but no longer than this. Only if synchronous. */
  wait(microseconds: number): void
  /** How often the kernel has reported that nothing listens there, since the last call. */
  takeUnreachable(): number
  close(): void
}
