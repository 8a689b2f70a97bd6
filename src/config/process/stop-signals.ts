// What stops the tracker: SIGINT or SIGTERM stops it in order, a second one or the death of a thread at once.

import type { Logger } from './logger.ts'

export interface StopRequest {
  /** Resolves with the exit code once the tracker is to stop. */
  wait(): Promise<number>
  /** An essential part has died. */
  fail(reason: Error): void
}

export function stopRequested(logger: Logger): StopRequest {
  const { promise, resolve } = Promise.withResolvers<number>()
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      logger.log('warn', 'CORE', `${signal} again: stopping at once`)
      process.exit(1)
    }
    isStopping = true
    logger.log('info', 'CORE', `${signal}: stopping`)
    resolve(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const earlier = process.listeners(signal)
    process.on(signal, onSignal)
    // Only now remove those of main.ts: without a listener in between, a pending signal would be lost.
    for (const listener of earlier) process.off(signal, listener)
  }
  return {
    wait: () => promise,
    fail: (reason) => {
      // It may have held a lock that every other thread would wait for, so an orderly stop is impossible.
      logger.log('error', 'CORE', `a thread has died: ${reason.stack ?? reason.message}`)
      process.exit(1)
    },
  }
}
