// The threads of a load, as the thread that started them sees them.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createLoadMemory, type LoadMemory, LoadPhase } from './load-memory.ts'
import type { LoadPlan } from './load-plan.ts'
import type { LoadThreadData, LoadThreadMessage } from './load-thread-data.ts'
import type { Population } from './population.ts'
import { TargetError } from './target.ts'

/** Threads run from both `src/*.ts` and `dist/*.js`. */
const ENTRY = new URL(`./load-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

export class LoadThreads {
  readonly memory: LoadMemory
  readonly #workers: readonly Worker[]
  #ready = 0
  #onReady: () => void = () => undefined
  #broken: string | undefined
  #firstFailure: string | undefined

  private constructor(plan: LoadPlan, population: Population) {
    this.memory = createLoadMemory(plan.threads)
    this.#workers = Array.from({ length: plan.threads }, (_, thread) => {
      const workerData: LoadThreadData = { plan, thread, population, memory: this.memory }
      const worker = new Worker(ENTRY, { workerData, name: `load-${thread + 1}`, execArgv: [] })
      worker.on('message', (message: LoadThreadMessage) => this.#take(message))
      worker.on('error', (error) => this.#take({ kind: 'broken', text: String(error) }))
      return worker
    })
  }

  /** Resolves when all threads have opened their sockets. Rejects with a `TargetError` if one cannot. */
  static async start(plan: LoadPlan, population: Population): Promise<LoadThreads> {
    const threads = new LoadThreads(plan, population)
    const { promise, resolve } = Promise.withResolvers<void>()
    threads.#onReady = resolve
    await promise
    if (threads.#broken === undefined) return threads
    await threads.stop()
    throw new TargetError(threads.#broken)
  }

  /** The first error that the tracker has replied with. */
  get firstFailure(): string | undefined {
    return this.#firstFailure
  }

  enter(phase: LoadPhase): void {
    Atomics.store(this.memory.phase, 0, phase)
  }

  haveCompleted(phase: LoadPhase): boolean {
    return this.memory.completed.every((_, thread) => Atomics.load(this.memory.completed, thread) > phase)
  }

  throwIfBroken(): void {
    if (this.#broken !== undefined) throw new TargetError(this.#broken)
  }

  /** Each thread ends by itself; one that cannot is ended. */
  async stop(): Promise<void> {
    this.enter(LoadPhase.Stop)
    await Promise.all(
      this.#workers.map(async (worker) => {
        if (worker.threadId === -1) return
        const timer = setTimeout(() => void worker.terminate(), 2000)
        await once(worker, 'exit')
        clearTimeout(timer)
      }),
    )
  }

  #take(message: LoadThreadMessage): void {
    if (message.kind === 'failure') this.#firstFailure ??= message.text
    else if (message.kind === 'broken') this.#broken ??= message.text
    else this.#ready++
    if (this.#ready === this.#workers.length || this.#broken !== undefined) this.#onReady()
  }
}
