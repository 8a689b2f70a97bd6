// The body of `POST keys`: `{"key": null, "seconds_valid": 7200}`. Both fields are required, either may be null.

import { ACCESS_KEY_BYTES, type AccessKey, readAccessKey } from '../../../../domain/access-key.ts'
import { badBody, badKeyInBody, bodyNotJson, type V1Answer } from './answers.ts'
import { debugText, MAX_U64, readUnsigned } from './rust-text.ts'

export interface KeyForm {
  /** As given; null: a random one. */
  readonly key: string | null
  /** Null: forever. */
  readonly secondsValid: bigint | null
}

/** A number with its original digits: those of a JSON number lose precision above 2^53. */
class NumberText {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }
}

/** `JSON.parse` passes the source of a number to its reviver (ECMAScript 2026), which TypeScript's types lack. */
function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value
}

function nameOfType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `string ${debugText(value)}`
  if (typeof value === 'boolean') return `boolean \`${value}\``
  if (Array.isArray(value)) return 'sequence'
  if (!(value instanceof NumberText)) return 'map'
  return isInteger(value) ? `integer \`${value.digits}\`` : `floating point \`${value.digits}\``
}

/** As in Rust: whole numbers beyond 64 bits are floating point. */
function isInteger({ digits }: NumberText): boolean {
  return /^-?[0-9]+$/.test(digits) && typeof readUnsigned(digits.replace('-', ''), MAX_U64) === 'bigint'
}

function readSeconds(value: unknown): bigint | null | V1Answer {
  if (value === null) return null
  const kind = value instanceof NumberText && isInteger(value) ? 'value' : 'type'
  const seconds = value instanceof NumberText ? readUnsigned(value.digits, MAX_U64) : ''
  if (typeof seconds === 'bigint') return seconds
  return badBody(`seconds_valid: invalid ${kind}: ${nameOfType(value)}, expected u64`)
}

/** Reads the text of a body; returns an answer if it is not a valid form. */
export function readKeyForm(text: string): KeyForm | V1Answer {
  let document: unknown
  try {
    document = JSON.parse(text, keepDigits)
  } catch {
    return bodyNotJson(text.trim() === '' ? 'EOF while parsing a value' : 'expected value')
  }
  if (typeof document !== 'object' || document === null || document instanceof NumberText || Array.isArray(document)) {
    return badBody(`invalid type: ${nameOfType(document)}, expected struct AddKeyForm`)
  }
  const { key, seconds_valid: seconds } = document as { readonly key?: unknown; readonly seconds_valid?: unknown }
  if (key !== undefined && key !== null && typeof key !== 'string') {
    return badBody(`key: invalid type: ${nameOfType(key)}, expected a string`)
  }
  const secondsValid = seconds === undefined ? null : readSeconds(seconds)
  if (secondsValid !== null && typeof secondsValid === 'object') return secondsValid
  if (key === undefined) return badBody('missing field `key`')
  if (seconds === undefined) return badBody('missing field `seconds_valid`')
  return { key, secondsValid }
}

const WRONG_LENGTH = 'Invalid key length. Key must be have 32 chars'
const WRONG_CHARACTERS = 'Invalid chars for key. Key can only alphanumeric chars (0-9, a-z, A-Z)'

/** Reads the key of a form; returns an answer if it is not a valid key. */
export function readKeyOfForm(text: string): AccessKey | V1Answer {
  return (
    readAccessKey(text) ??
    badKeyInBody(text, new TextEncoder().encode(text).length === ACCESS_KEY_BYTES ? WRONG_CHARACTERS : WRONG_LENGTH)
  )
}
