// Thrown to answer a request of REST v2 with problem details. This is also the one place that maps refusals of the
// application to statuses.

import { STATUS_CODES } from 'node:http'
import { Refusal, type RefusalCode } from '../../../../domain/refusal.ts'
import { PROBLEM_TYPE, type ProblemStatus } from '../../../protocol/rest/operation.ts'
import type { FieldError, Problem } from '../../../protocol/rest/problem.ts'

type ProblemDetails = Pick<Problem, 'detail' | 'errors' | 'progress'> & {
  readonly headers?: Readonly<Record<string, string>>
}

export class RequestProblem extends Error {
  readonly status: ProblemStatus
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>

  constructor(status: ProblemStatus, code: string, { headers = {}, ...details }: ProblemDetails = {}) {
    super(code)
    this.name = 'RequestProblem'
    this.status = status
    this.headers = headers
    this.problem = { type: 'about:blank', title: STATUS_CODES[status] ?? '', status, code, ...details }
  }

  /** The same problem, with the progress of the import that it interrupted. */
  after(progress: NonNullable<Problem['progress']>): RequestProblem {
    const { type, title, status, code, ...details } = this.problem
    return new RequestProblem(this.status, code, { ...details, progress, headers: { ...this.headers, ...LAST } })
  }
}

/** The rest of the request is not read, so the connection cannot be reused. */
export const LAST = { Connection: 'close' }

const RETRY_STORE_SECONDS = '5'

const STATUS_OF: Readonly<Record<RefusalCode, ProblemStatus>> = {
  'store-unavailable': 503,
  'no-database': 409,
  'table-full': 507,
  'already-there': 409,
  'not-there': 404,
  'lifetime-too-long': 400,
}

function refusalProblem({ code, message }: Refusal): RequestProblem {
  const status = STATUS_OF[code]
  const headers = status === 503 ? { headers: { 'Retry-After': RETRY_STORE_SECONDS } } : {}
  return new RequestProblem(status, code, { detail: message, ...headers })
}

/** Undefined for an internal error. */
export function problemOf(error: unknown): RequestProblem | undefined {
  if (error instanceof RequestProblem) return error
  return error instanceof Refusal ? refusalProblem(error) : undefined
}

export function invalid(errors: readonly FieldError[]): RequestProblem {
  return new RequestProblem(400, 'invalid-request', { errors: [...errors] })
}

export function notFound(detail: string): RequestProblem {
  return new RequestProblem(404, 'not-there', { detail })
}

export function problemResponse({ status, problem, headers }: RequestProblem): Response {
  return new Response(JSON.stringify(problem), { status, headers: { 'Content-Type': PROBLEM_TYPE, ...headers } })
}
