// All answers of API v1 except its resources: statuses, content types and texts, as clients of Torrust know and compare
// them. As in Torrust, a missing or wrong token is a 500 and an unknown torrent a 200.

import { debugText } from './rust-text.ts'

export interface V1Answer {
  readonly status: number
  /** Undefined: no body. */
  readonly contentType: string | undefined
  readonly body: string
}

const JSON_TYPE = 'application/json'
const TEXT_TYPE = 'text/plain; charset=utf-8'

export function jsonAnswer(body: string): V1Answer {
  return { status: 200, contentType: JSON_TYPE, body }
}

export function textAnswer(body: string): V1Answer {
  return { status: 200, contentType: TEXT_TYPE, body }
}

/** Only keys are labelled with a character set. */
export function keyAnswer(body: string): V1Answer {
  return {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body,
  }
}

function empty(status: number): V1Answer {
  return { status, contentType: undefined, body: '' }
}

function badRequest(body: string): V1Answer {
  return { status: 400, contentType: TEXT_TYPE, body }
}

function unhandledRejection(reason: string): V1Answer {
  return {
    status: 500,
    contentType: TEXT_TYPE,
    body: `Unhandled rejection: Err { reason: ${debugText(reason)} }`,
  }
}

function capabilityOff(capability: string): V1Answer {
  return {
    status: 409,
    contentType: JSON_TYPE,
    body: `{"status":"err","reason":"${capability} capability is disabled by configuration"}`,
  }
}

export const ACTION_OK = jsonAnswer('{"status":"ok"}')
export const TORRENT_NOT_KNOWN = jsonAnswer('"torrent not known"')

export const NOT_FOUND = empty(404)
export const METHOD_NOT_ALLOWED = empty(405)
export const TIMED_OUT = empty(408)
export const BODY_TOO_LARGE: V1Answer = { status: 413, contentType: TEXT_TYPE, body: 'length limit exceeded' }
/** Torrust does not look at the host and therefore has no text for it. */
export const FOREIGN_HOST: V1Answer = {
  status: 421,
  contentType: TEXT_TYPE,
  body: "the host of this request is neither the API's own nor in http_api.allowed_hosts",
}
/** Torrust serves web pages of any origin and therefore has no text for it. */
export const CROSS_SITE: V1Answer = {
  status: 403,
  contentType: TEXT_TYPE,
  body: 'web pages of other origins may not use this API',
}
/** Torrust has no such limit and therefore no text for it. */
export const TOO_MANY_FAILURES: V1Answer = {
  status: 429,
  contentType: TEXT_TYPE,
  body: 'too many requests without a valid token; try again later',
}

export const NO_TOKEN = unhandledRejection('unauthorized')
export const WRONG_TOKEN = unhandledRejection('token not valid')
export const UNKNOWN_TOKEN_FORM = unhandledRejection('unknown token provided')

/** For key and whitelist routes of a tracker without them. */
export const NO_KEYS = capabilityOff('private')
export const NO_WHITELIST = capabilityOff('listed')

export function badInfoHash(value: string): V1Answer {
  return badRequest(`Invalid URL: invalid infohash param: string "${value}", expected a 40 character long string`)
}

export function badKeyInPath(value: string): V1Answer {
  return badRequest(`Invalid auth key id param "${value}"`)
}

export function badKeyInBody(value: string, why: string): V1Answer {
  return badRequest(`Invalid URL: invalid auth key: string "${value}", ${why}`)
}

export function badDuration(seconds: bigint): V1Answer {
  return badRequest(`Invalid URL: invalid auth key duration: "${seconds}"`)
}

export function badNumberInPath(value: string): V1Answer {
  return badRequest(`Invalid URL: Cannot parse \`${value}\` to a \`u64\``)
}

export function badQuery(parameter: string, why: string): V1Answer {
  return badRequest(`Failed to deserialize query string: ${parameter}: ${why}`)
}

export const BODY_NOT_LABELLED_JSON: V1Answer = {
  status: 415,
  contentType: TEXT_TYPE,
  body: 'Expected request with `Content-Type: application/json`',
}
export function bodyNotJson(why: string): V1Answer {
  return badRequest(`Failed to parse the request body as JSON: ${why}`)
}

export function badBody(why: string): V1Answer {
  return {
    status: 422,
    contentType: TEXT_TYPE,
    body: `Failed to deserialize the JSON body into the target type: ${why}`,
  }
}

/** The failed action, as the text of a 500 begins. */
export type FailedAction =
  | 'failed to generate key'
  | 'failed to delete key'
  | 'failed to reload keys'
  | 'failed to whitelist torrent'
  | 'failed to remove torrent from whitelist'
  | 'failed to reload whitelist'

export function failed(action: FailedAction, why: string): V1Answer {
  return unhandledRejection(`${action}: ${why}`)
}

export const INTERNAL_ERROR = unhandledRejection('internal error')
