// A worker thread as the main thread sees it: starts it, waits until it listens, sends it commands, stops it.

import { Worker } from 'node:worker_threads'
import type { ThreadKind } from './thread-kinds.ts'
import type { ThreadCommand, ThreadOptions, ThreadReport } from './thread-options.ts'

/** What the main thread is notified of. */
export interface ThreadCallbacks {
  readonly onNote: (report: Extract<ThreadReport, { kind: 'note' }>) => void
  readonly onTraced: (report: Extract<ThreadReport, { kind: 'traced' }>) => void
  /** The thread ended unexpectedly. It may have held a lock: the process cannot continue. */
  readonly onDeath: (reason: Error) => void
}

/** What runs in the thread, and its name in the operating system, after `muster-`. */
type ThreadProgram = Pick<ThreadKind, 'name' | 'entry'>

type Listening = Extract<ThreadReport, { kind: 'listening' }>

export class Thread {
  /** What the thread reports about itself, for the start line. */
  readonly detail: string
  readonly #worker: Worker
  readonly #ended: Promise<unknown>
  readonly #watch: { isStopping: boolean }

  private constructor(worker: Worker, ended: Promise<unknown>, watch: { isStopping: boolean }, listening: Listening) {
    this.#worker = worker
    this.#ended = ended
    this.#watch = watch
    this.detail = listening.detail
  }

  /** Resolves once the thread listens; rejects with the thread's own message if it cannot. */
  static async start({ name, entry }: ThreadProgram, options: ThreadOptions, watch: ThreadCallbacks): Promise<Thread> {
    const worker = new Worker(entry, { workerData: options, name: `muster-${name}` })
    const state = { isStopping: false }
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    const listens = new Promise<Listening>((resolve, reject) => {
      // A failure before the thread listens makes the start fail; a later one ends the process.
      let fail: (reason: Error) => void = reject
      worker.on('message', (report: ThreadReport) => {
        if (report.kind === 'note') watch.onNote(report)
        else if (report.kind === 'traced') watch.onTraced(report)
        else if (report.kind === 'failed') fail(new Error(report.message))
        else {
          fail = watch.onDeath
          resolve(report)
        }
      })
      worker.once('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
      worker.once('exit', (code) => {
        if (!state.isStopping) fail(new Error(`the ${name} thread ended with code ${code}`))
      })
    })
    try {
      return new Thread(worker, ended, state, await listens)
    } catch (error) {
      // Its open handles would keep it alive, and nothing would stop it.
      state.isStopping = true
      await worker.terminate()
      throw error
    }
  }

  send(command: ThreadCommand): void {
    this.#worker.postMessage(command)
  }

  /** Resolves when the thread has ended. */
  async stop(deadlineMs: number): Promise<void> {
    this.#watch.isStopping = true
    this.send({ kind: 'stop', deadlineMs })
    await this.#ended
  }
}
