// API v1 over fakes, without a socket: requests in, responses out.

import { V1_ROOT } from '../../../../../src/adapters/inbound/rest/v1/v1-app.ts'
import { anApp, MANAGER } from '../rest-fixture.ts'

export const NOW = 1_669_390_278

export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly body: string
}

export interface V1Call {
  /** The Authorization header; null: none. By default the token of scope `manage`. */
  readonly authorization?: string | null
  readonly body?: string
  readonly contentType?: string
}

export function aV1Api() {
  const { ask, ports, faults } = anApp()
  ports.keys.nowSeconds = NOW
  ports.clock.seconds = NOW

  /** `path` is relative to the root. */
  const fetch = (method: string, path: string, call: V1Call = {}): Promise<Response> => {
    const { authorization = `Bearer ${MANAGER}`, body, contentType } = call
    return ask(`${V1_ROOT}${path}`, {
      method,
      authorizations: authorization === null ? [] : [authorization],
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    })
  }

  const answer = async (method: string, path: string, call: V1Call = {}): Promise<Answer> => {
    const response = await fetch(method, path, call)
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
  }

  return { fetch, answer, ports, faults }
}

export type V1Api = ReturnType<typeof aV1Api>

export const TEXT = 'text/plain; charset=utf-8'
export const JSON_TYPE = 'application/json'
export const OK: Answer = { status: 200, type: JSON_TYPE, body: '{"status":"ok"}' }
export const EMPTY_404: Answer = { status: 404, type: null, body: '' }

export function badRequest(body: string): Answer {
  return { status: 400, type: TEXT, body }
}

export function rejection(reason: string): Answer {
  return {
    status: 500,
    type: TEXT,
    body: `Unhandled rejection: Err { reason: "${reason}" }`,
  }
}
