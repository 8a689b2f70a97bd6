// Request bodies of REST v2 (protocol rule SEC-33): one type, never compressed, limited in size, depth and time.

import type { RestLimits } from '../rest-limits.ts'
import { isShallow } from './json-depth.ts'
import { invalid, LAST, RequestProblem } from './request-problem.ts'

interface BodyLimits {
  readonly maxBytes: number
  readonly timeoutMs: number
  /** The timeout applies to each piece, not to the whole body. */
  readonly isPerPiece: boolean
}

/** Throws unless the body is declared to be of this type and uncompressed. */
export function checkType(headers: Headers, type: string): void {
  if (headers.has('content-encoding')) {
    throw new RequestProblem(415, 'unsupported-encoding', { detail: 'Bodies must not be compressed.', headers: LAST })
  }
  const given = headers.get('content-type') ?? ''
  if (given.split(';', 1)[0]?.trim().toLowerCase() !== type) {
    throw new RequestProblem(415, 'unsupported-type', { detail: `The body must be ${type}.`, headers: LAST })
  }
}

/** The body as a JSON object; schemas would accept a list as one. */
export async function readJson(request: Request, limits: RestLimits): Promise<object> {
  const bounds = { maxBytes: limits.maxBodyBytes, timeoutMs: limits.bodyTimeoutMs, isPerPiece: false }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  for await (const piece of boundedBody(request, bounds)) text += decode(decoder, piece)
  text += decode(decoder)
  if (!isShallow(text, limits.maxBodyDepth)) {
    throw new RequestProblem(400, 'too-deep', { detail: `JSON may be at most ${limits.maxBodyDepth} levels deep.` })
  }
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalid([{ path: '', message: 'must be an object' }])
}

/** Without a piece: ends the text. */
function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined })
  } catch {
    throw new RequestProblem(400, 'not-json', { detail: 'The body is not UTF-8.' })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestProblem(400, 'not-json', { detail: 'The body is not JSON.' })
  }
}

/** The body of an import as a stream, with backpressure. */
export function importBody(request: Request, limits: RestLimits): AsyncGenerator<Uint8Array> {
  return boundedBody(request, { maxBytes: limits.maxImportBytes, timeoutMs: limits.bodyTimeoutMs, isPerPiece: true })
}

async function* boundedBody(request: Request, bounds: BodyLimits): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length')) > bounds.maxBytes) throw tooLarge(bounds)
  if (request.body === null) return
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  const end = performance.now() + bounds.timeoutMs
  let size = 0
  for (;;) {
    const timeoutMs = bounds.isPerPiece ? bounds.timeoutMs : end - performance.now()
    const { done, value } = await inTime(reader, timeoutMs)
    if (done) return
    size += value.length
    if (size > bounds.maxBytes) throw tooLarge(bounds)
    yield value
  }
}

async function inTime(reader: ReadableStreamDefaultReader<Uint8Array>, timeoutMs: number) {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RequestProblem(408, 'too-slow', { headers: LAST })), Math.max(0, timeoutMs))
  })
  try {
    return await Promise.race([reader.read().catch(broken), timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** The client has disconnected, or sent invalid chunks. */
function broken(): never {
  throw new RequestProblem(400, 'incomplete-body', { headers: LAST })
}

function tooLarge({ maxBytes }: BodyLimits): RequestProblem {
  return new RequestProblem(413, 'too-large', { detail: `The body may have at most ${maxBytes} bytes.`, headers: LAST })
}
