// Validates received values by a schema. Error messages never repeat the input.

import * as v from 'valibot'
import type { Fields, Schema } from './operation.ts'
import type { FieldError } from './problem.ts'

export type Reading<T> =
  | { readonly isValid: true; readonly value: T }
  | { readonly isValid: false; readonly errors: readonly FieldError[] }

const MAX_ERRORS = 20
const MAX_PATH_LENGTH = 100
const WHOLE_NUMBER = /^-?\d{1,16}$/

export function readBy<S extends Schema>(schema: S, value: unknown): Reading<v.InferOutput<S>> {
  const result = v.safeParse(schema, value, { message: issueMessage })
  if (result.success) return { isValid: true, value: result.output }
  return { isValid: false, errors: result.issues.slice(0, MAX_ERRORS).map(fieldError) }
}

/** For answers: unknown fields, which a newer server may send, are dropped. */
export function readLeniently<S extends Schema>(schema: S, value: unknown): Reading<v.InferOutput<S>> {
  const result = v.safeParse(schema, value, { message: issueMessage })
  const errors = (result.issues ?? []).filter((issue) => !isUnknownField(issue)).map(fieldError)
  if (errors.length > 0) return { isValid: false, errors }
  // Complete except for the dropped fields, although the types do not guarantee it for a value with issues.
  return { isValid: true, value: result.output as v.InferOutput<S> }
}

/** Reads the text fields of a path or query, each given at most once. Numeric ones become numbers. */
export function readFields<F extends Fields>(
  fields: F,
  given: Iterable<readonly [string, string]>,
): Reading<v.InferOutput<F>> {
  const values: Record<string, unknown> = Object.create(null)
  for (const [name, text] of given) {
    if (name in values)
      return { isValid: false, errors: [{ path: name.slice(0, MAX_PATH_LENGTH), message: 'given twice' }] }
    values[name] = isNumeric(fields, name) && WHOLE_NUMBER.test(text) ? Number(text) : text
  }
  return readBy(fields, { ...values })
}

/** An optional schema wraps another one; a pipe has the type of its first schema. */
function isNumeric(fields: Fields, name: string): boolean {
  if (!Object.hasOwn(fields.entries, name)) return false
  const schema = fields.entries[name]
  const inner = 'wrapped' in schema ? (schema.wrapped as Schema) : schema
  return inner.type === 'number'
}

function fieldError(issue: v.BaseIssue<unknown>): FieldError {
  const path = issue.path?.map(({ key }) => String(key)).join('.') ?? ''
  return { path: path.slice(0, MAX_PATH_LENGTH), message: issue.message }
}

/** Valibot's own messages quote the input. */
function issueMessage(issue: v.BaseIssue<unknown>): string {
  if (isUnknownField(issue)) return 'unknown field'
  if (issue.type === 'strict_object' && issue.input === undefined) return 'missing'
  return `must be ${issue.expected ?? 'something else'}`
}

function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never'
}
