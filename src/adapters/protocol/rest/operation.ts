// An operation of a REST API: one record by which the server validates, the client is typed and the OpenAPI document
// is written. Schemas check values but never transform them: input and output are the same.

import type * as v from 'valibot'

export const JSON_TYPE = 'application/json'
export const NDJSON_TYPE = 'application/x-ndjson'
export const PROBLEM_TYPE = 'application/problem+json'

/** What a token allows: reading, or changes too. */
export type TokenScope = 'read' | 'manage'

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete'

/** Statuses with problem details (RFC 9457). */
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 421 | 429 | 500 | 503 | 507

export type Schema = v.GenericSchema
/** A value that the schema has let through. */
export type OutputOf<S extends Schema> = v.InferOutput<S>
/** Named fields of a path or a query. */
export type Fields = v.StrictObjectSchema<v.ObjectEntries, undefined>

export interface Content {
  /** With NDJSON the schema is that of a line. Types other than JSON and NDJSON are text. */
  readonly type: string
  readonly schema: Schema
}

interface Success {
  readonly description: string
  /** Absent: no body. */
  readonly content?: Content
}

export interface Operation {
  readonly method: Method
  /** Below the root of the API, with `{names}` for parameters. */
  readonly path: `/${string}`
  readonly tag: string
  readonly summary: string
  /** Part of a page that is itself described: not in the OpenAPI document. */
  readonly isAsset?: true
  /** Absent: no token is needed. */
  readonly scope?: TokenScope
  readonly params?: Fields
  readonly query?: Fields
  readonly body?: Content
  readonly success: Readonly<Record<number, Success>>
  /** In addition to those of every operation with a token or a body. */
  readonly problems: readonly ProblemStatus[]
}

/** Operations by their id, as in the document and in calls of the client. */
export type Contract = Readonly<Record<string, Operation>>

type Part<O, Name extends 'params' | 'query', Side extends 'input' | 'output'> =
  O extends Readonly<Record<Name, infer S extends Schema>> ? { readonly [N in Name]: Typed<S, Side> } : unknown

type Typed<S extends Schema, Side extends 'input' | 'output'> = Side extends 'input'
  ? v.InferInput<S>
  : v.InferOutput<S>

type Body<O, Side extends 'input' | 'output'> = O extends {
  readonly body: { readonly type: infer T; readonly schema: infer S extends Schema }
}
  ? { readonly body: T extends typeof NDJSON_TYPE ? AsyncIterable<Uint8Array> : Typed<S, Side> }
  : unknown

/** What a handler receives: checked, with defaults filled in. NDJSON comes as raw bytes. */
export type RequestOf<O extends Operation> = Part<O, 'params', 'output'> &
  Part<O, 'query', 'output'> &
  Body<O, 'output'>

/** What a caller passes. */
export type CallOf<O extends Operation> = Part<O, 'params', 'input'> & Part<O, 'query', 'input'> & Body<O, 'input'>

type Payload<S, Answer> = S extends { readonly content: { readonly type: infer T; readonly schema: infer C } }
  ? C extends Schema
    ? Answer extends 'sent'
      ? { readonly body: T extends typeof NDJSON_TYPE ? AsyncIterable<v.InferOutput<C>> : v.InferOutput<C> }
      : T extends typeof NDJSON_TYPE
        ? AsyncIterable<v.InferOutput<C>>
        : v.InferOutput<C>
    : never
  : Answer extends 'sent'
    ? unknown
    : undefined

/** What a handler returns on success; failures are thrown. */
export type AnswerOf<O extends Operation> = {
  [S in keyof O['success'] & number]: { readonly status: S } & Payload<O['success'][S], 'sent'>
}[keyof O['success'] & number]

/** What a caller receives; undefined without a body. */
export type ResultOf<O extends Operation> = {
  [S in keyof O['success'] & number]: Payload<O['success'][S], 'received'>
}[keyof O['success'] & number]

/** Type-checks an operation and keeps its exact type. */
export function operation<const O extends Operation>(definition: O): O {
  return definition
}

export function json<S extends Schema>(schema: S) {
  return { type: JSON_TYPE, schema } as const
}

export function lines<S extends Schema>(schema: S) {
  return { type: NDJSON_TYPE, schema } as const
}

/** All error statuses of an operation. */
export function problemStatuses({ scope, body, problems }: Operation): readonly ProblemStatus[] {
  const statuses = new Set<ProblemStatus>([...problems, 421, 500])
  if (scope !== undefined) for (const status of [401, 403, 429] as const) statuses.add(status)
  if (body !== undefined) for (const status of [400, 408, 413, 415] as const) statuses.add(status)
  return [...statuses].sort((one, other) => one - other)
}
