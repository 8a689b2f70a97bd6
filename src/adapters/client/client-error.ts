// Why a call of the management API came to nothing.

import type { Problem } from '../protocol/rest/problem.ts'

export class ClientError extends Error {
  /**
   * transport: the tracker was not reached, or was too slow; whether the call took effect is not known. api: the tracker refused it.
   * decoding: it answered with something that the contract does not know.
   */
  readonly kind: 'transport' | 'api' | 'decoding'
  /** With api and decoding. */
  readonly status: number | undefined
  /** With api, unless what refused it was no tracker. */
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
    return new ClientError('transport', `${origin} cannot be reached: ${transportReason(cause)}`, { cause })
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
  const particulars = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return [`${title} (${code})`, ...(detail === undefined ? [] : [detail]), ...particulars].join('; ')
}

/** What fetch says is only that it failed; why is in the cause. */
function transportReason(error: unknown): string {
  return messageOf(causeOf(error)) ?? messageOf(error) ?? String(error)
}

const causeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined

const messageOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'message' in error && error.message !== ''
    ? String(error.message)
    : undefined
