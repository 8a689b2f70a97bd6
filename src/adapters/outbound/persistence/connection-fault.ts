// Faults of a connection for which a driver has no code: what took too long, and what broke. They get the system's.

import { codeOf, isBug } from './database-faults.ts'

export class ConnectionFault extends Error {
  readonly code: 'ETIMEDOUT' | 'ECONNRESET'

  constructor(code: ConnectionFault['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ConnectionFault'
    this.code = code
  }
}

/** Errors of servers and of the system have codes. One of a driver's that has none says that the connection is gone. */
export function asConnectionFault(error: unknown): unknown {
  if (!(error instanceof Error) || codeOf(error) !== '' || isBug(error)) return error
  return new ConnectionFault('ECONNRESET', error.message, error)
}

/** Rejects with a `ConnectionFault` when `work` takes longer. A result that comes afterwards goes to `discard`. */
export function withinTime<T>(
  work: Promise<T>,
  milliseconds: number,
  discard: (late: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new ConnectionFault('ETIMEDOUT', `no answer within ${milliseconds} ms`))
    }, milliseconds)
    work.then(
      (result) => {
        clearTimeout(timer)
        if (isLate) discard(result)
        else resolve(result)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
