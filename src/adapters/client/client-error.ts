// Why a call of the management API failed.

import type { Problem } from '../protocol/rest/problem.ts'

export class ClientError extends Error {
  /**
   * transport: the tracker was unreachable or too slow; whether the call took effect is unknown. api: the tracker
   * rejected it. decoding: the answer does not match the contract.
   */
  readonly kind: 'transport' | 'api' | 'decoding'
  /** With api and decoding. */
  readonly status: number | undefined
  /** With api, unless the server that rejected it is not a tracker. */
  readonly problem: Problem | undefined

  private constructor(
    kind: ClientError['kind'],
    message: string,
    { status, problem, cause }: { status?: number; problem?: Problem | undefined; cause?: unknown },
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ClientError'
    this.kind = kind
    this.status = status
    this.problem = problem
  }

  static transport(origin: string, cause: unknown): ClientError {
    return new ClientError('transport', `${origin} cannot be reached: ${fetchFailure(cause)}`, { cause })
  }

  static api(status: number, problem: Problem | undefined): ClientError {
    return new ClientError('api', problem === undefined ? `the answer was ${status}` : sentence(problem), {
      status,
      problem,
    })
  }

  static decoding(status: number, what: string, cause?: unknown): ClientError {
    return new ClientError('decoding', `the answer cannot be understood: ${what}`, { status, cause })
  }
}

function sentence({ title, code, detail, errors = [] }: Problem): string {
  const fieldErrors = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return [`${title} (${code})`, ...(detail === undefined ? [] : [detail]), ...fieldErrors].join('; ')
}

/** The message of fetch only says that it failed; the reason is in the cause. */
function fetchFailure(error: unknown): string {
  return messageOf(causeOf(error)) ?? messageOf(error) ?? String(error)
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined
}

function messageOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'message' in error && error.message !== ''
    ? String(error.message)
    : undefined
}
