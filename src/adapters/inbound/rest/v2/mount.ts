// Turns the contract into routes: each request is validated against the contract (token, scope, path, query, body),
// passed to the handler of the operation, and answered in the contract's form.

import { type Context, Hono } from 'hono'
import {
  type AnswerOf,
  type Content,
  type Contract,
  JSON_TYPE,
  NDJSON_TYPE,
  type Operation,
  type RequestOf,
} from '../../../protocol/rest/operation.ts'
import { type Reading, readBy, readFields } from '../../../protocol/rest/read.ts'
import { asError } from '../../as-error.ts'
import { bearerToken } from '../authentication.ts'
import { isCrossSite } from '../cross-site.ts'
import type { ApiCaller, RestContext, RestEnv } from '../rest-context.ts'
import { lineStream } from './line-stream.ts'
import { checkType, importBody, readJson } from './request-body.ts'
import { invalid, problemOf, problemResponse, RequestProblem } from './request-problem.ts'

type Call = Context<RestEnv>

type Handler<O extends Operation> = (request: RequestOf<O>, client: ApiCaller) => Promise<AnswerOf<O>>

/** One handler for each operation. */
export type Handlers<C extends Contract> = { readonly [Id in keyof C]: Handler<C[Id]> }

/** What all handlers have in common. */
type AnyHandler = (request: never, client: ApiCaller) => Promise<{ readonly status: number; readonly body?: unknown }>

export function mountContract<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  context: RestContext,
): Hono<RestEnv> {
  const app = new Hono<RestEnv>()
  const ids: (keyof C & string)[] = Object.keys(contract)
  // Literal paths come before parameters: `export` in `/whitelist/export` is not a hash.
  ids.sort((one, other) => contract[one].path.split('{').length - contract[other].path.split('{').length)
  for (const id of ids) {
    const operation = contract[id]
    const handle: AnyHandler = handlers[id]
    app.on(operation.method.toUpperCase(), routeOf(operation), async (call) => {
      admit(operation, call, context)
      // The schemas that validate the request also define the handler's type; the compiler cannot see that for all
      // operations at once.
      const request = (await readRequest(operation, call, context)) as never
      return answer(call, operation, await handle(request, call.env), context)
    })
  }
  for (const [route, methods] of methodsByRoute(contract)) {
    const headers = { Allow: [...methods, 'OPTIONS'].join(', ') }
    app.all(route, () => {
      throw new RequestProblem(405, 'method-not-allowed', { headers })
    })
  }
  app.all('*', () => {
    throw new RequestProblem(404, 'no-such-resource')
  })
  app.onError((error) => {
    const known = problemOf(error)
    if (known === undefined) context.onInternalError(asError(error))
    return problemResponse(known ?? new RequestProblem(500, 'internal-error'))
  })
  return app
}

/** The framework writes `/torrents/{info_hash}` as `/torrents/:info_hash`. */
function routeOf({ path }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function methodsByRoute(contract: Contract): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const operation of Object.values(contract)) {
    const route = routeOf(operation)
    methods.set(route, [...(methods.get(route) ?? []), operation.method.toUpperCase()])
  }
  return methods
}

function admit({ scope }: Operation, call: Call, { gate, allowedOrigins }: RestContext): void {
  if (scope === undefined) return
  if (isCrossSite((name) => call.req.header(name), allowedOrigins)) throw new RequestProblem(403, 'cross-site')
  const { authorizations, address } = call.env
  const verdict = gate.verify(bearerToken(authorizations), address)
  if (verdict === 'limited') {
    throw new RequestProblem(429, 'too-many-failures', {
      headers: { 'Retry-After': String(gate.retryAfterSeconds(address)) },
    })
  }
  if (verdict === 'refused') {
    throw new RequestProblem(401, 'unauthorized', { headers: { 'WWW-Authenticate': 'Bearer' } })
  }
  if (scope === 'manage' && verdict === 'read') throw new RequestProblem(403, 'scope-too-small')
}

async function readRequest(operation: Operation, call: Call, { limits }: RestContext): Promise<object> {
  const { params, query, body } = operation
  const request = call.req
  return {
    ...(params && { params: validated(readFields(params, Object.entries(request.param()))) }),
    ...(query && { query: validated(readFields(query, new URL(request.url).searchParams)) }),
    ...(body && { body: await readBody(body, call, limits) }),
  }
}

async function readBody({ type, schema }: Content, call: Call, limits: RestContext['limits']): Promise<unknown> {
  const request = call.req.raw
  checkType(request.headers, type)
  if (type === NDJSON_TYPE) {
    // It may be on its way for long, and its client has been authenticated.
    call.env.keepConnection()
    return importBody(request, limits)
  }
  return validated(readBy(schema, await readJson(request, limits)))
}

function validated<T>(reading: Reading<T>): T {
  if (reading.isValid) return reading.value
  throw invalid(reading.errors)
}

async function answer(
  call: Call,
  operation: Operation,
  { status, body }: Awaited<ReturnType<AnyHandler>>,
  { onInternalError }: RestContext,
): Promise<Response> {
  const type = operation.success[status]?.content?.type
  if (type === undefined) return new Response(null, { status })
  const headers = { 'Content-Type': type }
  if (type === JSON_TYPE) return new Response(JSON.stringify(body), { status, headers })
  if (type !== NDJSON_TYPE) return new Response(String(body), { status, headers })
  const broken = (error: unknown): void => {
    if (problemOf(error) === undefined) onInternalError(asError(error))
    call.env.hangUp()
  }
  return new Response(await lineStream(body as AsyncIterable<unknown>, broken), { status, headers })
}
