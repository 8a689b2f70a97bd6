// A client of REST v2, typed by its contract. It also validates the answers.

import {
  type Content,
  JSON_TYPE,
  NDJSON_TYPE,
  type Operation,
  PROBLEM_TYPE,
  type Schema,
} from '../protocol/rest/operation.ts'
import { ProblemSchema } from '../protocol/rest/problem.ts'
import { readLeniently } from '../protocol/rest/read.ts'
import { V2, V2_ROOT, type V2Call, type V2Id, type V2Result } from '../protocol/rest/v2/contract.ts'
import { ClientError } from './client-error.ts'
import { IdleTimeout } from './idle-timeout.ts'

export interface RestClientOptions {
  /** Scheme, host and port: `http://127.0.0.1:1212`. */
  readonly url: string
  /** Secret; never part of an error. */
  readonly token: string
  /** For an answer to begin, and for each further chunk of a long one. */
  readonly timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 10_000
/** What a header can carry as one word; fetch would show any other token in its error. */
const TOKEN = /^[\x21-\x7e]+$/

type FieldValues = Readonly<Record<string, string | number | null | undefined>>
/** The fields that calls may have, whatever the operation. */
interface AnyCall {
  readonly params?: FieldValues
  readonly query?: FieldValues
  readonly body?: unknown
}

export class RestClient {
  readonly #origin: string
  readonly #token: string
  readonly #timeoutMs: number

  constructor({ url, token, timeoutMs = DEFAULT_TIMEOUT_MS }: RestClientOptions) {
    if (!TOKEN.test(token)) throw new Error('the token is empty or has characters that are not allowed')
    this.#origin = new URL(url).origin
    this.#token = token
    this.#timeoutMs = timeoutMs
  }

  /** Rejects with a `ClientError`. NDJSON results are async iterables, which may throw one too. */
  async call<Id extends V2Id>(id: Id, ...call: unknown extends V2Call<Id> ? [] : [V2Call<Id>]): Promise<V2Result<Id>> {
    const operation: Operation = V2[id]
    const given: AnyCall = call[0] ?? {}
    const timeout = new IdleTimeout(this.#timeoutMs)
    const response = await this.#fetch(operation, given, timeout).finally(() => timeout.noteAnswer())
    const success = operation.success[response.status]
    if (success === undefined) throw await this.#refusal(response, timeout)
    // Validated by the schema that the type is derived from.
    return (await this.#read(response, success.content, timeout)) as V2Result<Id>
  }

  async #fetch(operation: Operation, call: AnyCall, timeout: IdleTimeout): Promise<Response> {
    const url = new URL(`${V2_ROOT}${pathOf(operation, call.params)}`, this.#origin)
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value))
    }
    const headers = new Headers()
    if (operation.scope !== undefined) headers.set('Authorization', `Bearer ${this.#token}`)
    if (operation.body !== undefined) headers.set('Content-Type', operation.body.type)
    const init = {
      method: operation.method.toUpperCase(),
      headers,
      signal: timeout.signal,
      redirect: 'error',
    } as const
    try {
      return await fetch(url, { ...init, ...bodyOf(operation, call.body, timeout) })
    } catch (cause) {
      throw ClientError.transport(this.#origin, cause)
    }
  }

  async #read(response: Response, content: Content | undefined, timeout: IdleTimeout): Promise<unknown> {
    if (content === undefined) return undefined
    const { status } = response
    if (content.type === NDJSON_TYPE) return this.#readLines(response, content.schema, timeout)
    const text = await this.#withTimeout(timeout, () => response.text())
    return content.type === JSON_TYPE ? decode(content.schema, text, status) : text
  }

  async *#readLines({ body, status }: Response, schema: Schema, timeout: IdleTimeout): AsyncGenerator<unknown> {
    if (body === null) return
    const reader: ReadableStreamDefaultReader<string> = body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    try {
      for (;;) {
        const { done, value } = await this.#withTimeout(timeout, () => reader.read())
        if (done) break
        const lines = (rest + value).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) yield decode(schema, line, status)
      }
    } finally {
      // Also when the caller stops early.
      await reader.cancel().catch(() => undefined)
    }
    if (rest !== '') throw ClientError.decoding(status, 'the last line is incomplete')
  }

  async #refusal(response: Response, timeout: IdleTimeout): Promise<ClientError> {
    const { status, headers } = response
    if (headers.get('content-type') !== PROBLEM_TYPE) {
      await response.body?.cancel().catch(() => undefined)
      return status < 400
        ? ClientError.decoding(status, `unexpected status ${status}`)
        : ClientError.api(status, undefined)
    }
    const value: unknown = await this.#withTimeout(timeout, () => response.json()).catch(() => undefined)
    const reading = readLeniently(ProblemSchema, value)
    return ClientError.api(status, reading.isValid ? reading.value : undefined)
  }

  async #withTimeout<T>(timeout: IdleTimeout, work: () => Promise<T>): Promise<T> {
    timeout.restart()
    try {
      return await work()
    } catch (cause) {
      throw ClientError.transport(this.#origin, cause)
    } finally {
      timeout.stop()
    }
  }
}

function pathOf({ path }: Operation, params: FieldValues = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

function bodyOf({ body }: Operation, given: unknown, timeout: IdleTimeout): RequestInit {
  if (body === undefined) return {}
  if (body.type !== NDJSON_TYPE) return { body: JSON.stringify(given) }
  return { body: ReadableStream.from(timeout.restartOnEach(given as AsyncIterable<Uint8Array>)), duplex: 'half' }
}

function decode(schema: Schema, text: string, status: number): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw ClientError.decoding(status, 'it is not JSON', cause)
  }
  const reading = readLeniently(schema, value)
  if (reading.isValid) return reading.value
  const [{ path, message }] = reading.errors
  throw ClientError.decoding(status, `${path}: ${message}`)
}
