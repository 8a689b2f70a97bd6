// The thread of the plain HTTP driver, as the HTTP thread that it belongs to sees it: it accepts the connections of the
// listeners without TLS, and passes back those that node:http has to serve.

import { Worker } from 'node:worker_threads'
import type { HttpListener, PlainDriver } from '../../adapters/inbound/http/http-server.ts'
import { HandOverWindow } from '../../adapters/inbound/http/plain/hand-over-window.ts'
import type { TcpCalls } from '../../adapters/linux/tcp-calls.ts'
import { type PlainReport, PlainState, type PlainThreadOptions } from './plain-thread-options.ts'
import type { ThreadOptions } from './thread-options.ts'

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const ENTRY = new URL(`./http-plain-thread.${EXTENSION}`, import.meta.url)

export class PlainDriverThread implements PlainDriver {
  readonly calls: TcpCalls
  readonly #companion: number
  readonly #state = new Int32Array(new SharedArrayBuffer(8))
  readonly #handOvers = new HandOverWindow(this.#state.subarray(1))
  #worker: Worker | undefined
  #ended: Promise<unknown> | undefined
  #stopping: Promise<void> | undefined

  /** `companion`: number of the thread. */
  constructor(calls: TcpCalls, companion: number) {
    this.calls = calls
    this.#companion = companion
  }

  /** Resolves once it serves the listeners that it accepts for; an error in it ends this thread too. */
  async start(options: ThreadOptions, listeners: readonly HttpListener[]): Promise<void> {
    const sockets = listeners.flatMap(({ plainFd }, listener) =>
      plainFd === undefined ? [] : [{ listener, fd: plainFd }],
    )
    if (sockets.length === 0) return
    const numbered = { ...options, companion: this.#companion }
    const workerData: PlainThreadOptions = { ...numbered, sockets, state: this.#state.buffer }
    const worker = new Worker(ENTRY, { workerData, name: 'muster-http-plain' })
    this.#worker = worker
    this.#ended = new Promise((resolve) => worker.once('exit', resolve))
    await new Promise<void>((resolve, reject) => {
      let fail: (error: Error) => void = reject
      const throwLater = (error: Error): void => {
        throw error
      }
      worker.on('message', (report: PlainReport) => {
        if (report.kind === 'handed-over') {
          this.#handOvers.leave()
          listeners[report.connection.listener].adopt(report.connection)
        } else {
          fail = throwLater
          resolve()
        }
      })
      worker.once('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
      worker.once('exit', () => {
        if (this.#stopping === undefined) fail(new Error('the thread of the plain HTTP driver has ended'))
      })
    })
  }

  stop(deadlineMs: number): Promise<void> {
    this.#stopping ??= this.#end(deadlineMs)
    return this.#stopping
  }

  async #end(deadlineMs: number): Promise<void> {
    if (this.#worker === undefined) return
    Atomics.store(this.#state, 0, PlainState.Draining)
    const deadline = setTimeout(() => Atomics.store(this.#state, 0, PlainState.Stopping), deadlineMs)
    await this.#ended
    clearTimeout(deadline)
  }
}
