// The value types of the document's schema: each checks one kind of value, describes what is allowed, and converts the
// value to the form that the code uses.

import { isIP } from 'node:net'
import * as v from 'valibot'
import { readDurationText } from '../../adapters/protocol/duration-text.ts'
import {
  BIND_ADDRESS_FORM,
  explainBindAddress,
  explainListenAddress,
  readBindAddress,
  readListenAddress,
} from './bind-address.ts'
import { LEVEL_EXPECTED, type LogFilter, readLogFilter } from './log-filter.ts'
import { readSize, writeSize } from './sizes.ts'
import { isTable } from './tree.ts'
import { unknownKey } from './unknown-key.ts'

/** A table that may have only these keys. */
export function table<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(
    v.custom<v.InferInput<v.StrictObjectSchema<E, undefined>>>(isTable, 'must be a table'),
    v.strictObject(entries, (issue) =>
      issue.expected === 'never' ? unknownKey(String(issue.input), Object.keys(entries)) : 'is missing',
    ),
  )
}

export function listOf<S extends v.GenericSchema>(element: S) {
  return v.pipe(v.array(element, 'must be an array'), v.readonly())
}

export const boolean = v.boolean('must be true or false')

export function text(allowed: string) {
  return v.pipe(v.string(allowed), v.nonEmpty(allowed))
}

export function oneOf<const T extends readonly string[]>(...words: T) {
  return v.picklist(words, `must be ${words.map((word) => `"${word}"`).join(' or ')}`)
}

export function wholeNumber(min: number, max: number) {
  const allowed = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed))
}

export const fraction = v.pipe(
  v.number('must be a fraction from 0 to 1'),
  v.minValue(0, 'must be a fraction from 0 to 1'),
  v.maxValue(1, 'must be a fraction from 0 to 1'),
)

/** Validates with a reader: a value that it cannot read is an error, in words of its own if `explain` has any. */
function read<I extends string | number, O>(
  input: v.GenericSchema<I>,
  reader: (value: I) => O | undefined,
  allowed: string,
  explain: (value: I) => string = () => allowed,
) {
  return v.pipe(
    input,
    v.rawTransform<I, O>(({ dataset, addIssue, NEVER }) => {
      const value = reader(dataset.value)
      if (value !== undefined) return value
      addIssue({ message: explain(dataset.value) })
      return NEVER
    }),
  )
}

function readFrom<O>(reader: (value: string) => O | undefined, allowed: string) {
  return read(v.string(allowed), reader, allowed)
}

export function size(min: number, max: number) {
  const allowed = `must be a size from "${writeSize(min)}" to "${writeSize(max)}", or that many bytes`
  const reader = (value: string | number) => {
    const bytes = readSize(value)
    return bytes !== undefined && bytes >= min && bytes <= max ? bytes : undefined
  }
  return read(v.union([v.string(), v.number()], allowed), reader, allowed)
}

/** Whole seconds, or a text with a unit: 1800, "30m". */
export function secondsBetween(min: number, max: number) {
  const allowed = `must be a whole number of seconds from ${min} to ${max}, or a duration such as "30m"`
  const reader = (value: string | number) => {
    const amount = typeof value === 'string' ? readDurationText(value) : value
    return Number.isInteger(amount) && amount !== undefined && amount >= min && amount <= max ? amount : undefined
  }
  return read(v.union([v.string(), v.number()], allowed), reader, allowed)
}

export const bindAddress = read(v.string(BIND_ADDRESS_FORM), readBindAddress, BIND_ADDRESS_FORM, explainBindAddress)

/** The same, or a Unix domain socket. */
export const listenAddress = read(
  v.string(BIND_ADDRESS_FORM),
  readListenAddress,
  BIND_ADDRESS_FORM,
  explainListenAddress,
)

const SOCKET_MODE = 'must be the permission bits of a file in octal, such as "0660"'
export const fileMode = read(
  v.string(SOCKET_MODE),
  (text) => (/^0?[0-7]{3}$/.test(text) ? Number.parseInt(text, 8) : undefined),
  SOCKET_MODE,
)

const GROUP = 'must be the name or the number of a group'
export const group = v.pipe(v.string(GROUP), v.regex(/^(?:\d{1,9}|[a-z_][\w.-]*\$?)$/i, GROUP))

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || /^[0:]+$/.test(address)
}

export const externalIp = v.pipe(
  v.string('must be an IP address'),
  v.check((address) => isIP(address) !== 0 && !address.includes('%'), 'must be an IP address'),
  v.check((address) => !isWildcard(address), 'wildcard/unspecified IP address is not a valid external IP'),
)

function readNetwork(network: string): string | undefined {
  const [address = '', bits, rest] = network.split('/')
  const maxBits = isIP(address) === 6 ? 128 : 32
  if (isIP(address) === 0 || address.includes('%') || rest !== undefined) return undefined
  if (bits === undefined) return `${address}/${maxBits}`
  return /^\d{1,3}$/.test(bits) && Number(bits) <= maxBits ? `${address}/${Number(bits)}` : undefined
}

export const network = readFrom(readNetwork, 'must be an address or a network such as "10.0.0.0/8" or "fc00::/7"')

export function publicUrl(...schemes: readonly string[]) {
  const allowed = `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`
  const isPublic = (url: string) => URL.canParse(url) && schemes.some((scheme) => url.startsWith(`${scheme}://`))
  const hasHost = (url: string) => new URL(url).hostname !== ''
  const hasUser = (url: string) => new URL(url).username !== '' || new URL(url).password !== ''
  return v.pipe(
    v.string(allowed),
    v.check(isPublic, allowed),
    v.check(hasHost, 'must name a host'),
    v.check((url) => !hasUser(url), 'must not contain a user name or a password'),
  )
}

const ORIGIN = 'must be an origin such as "https://admin.example.org", without a path and without the usual port'
/** Exactly as browsers write it: no wildcard, and `null` is not an origin. */
function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

export const origin = v.pipe(v.string(ORIGIN), v.check(isOrigin, ORIGIN))

const HOST = 'must be the name or the IP address of a host, without a port and without wildcards'

function isHost(text: string): boolean {
  return isIP(text.replace(/%.*/, '')) !== 0 || /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(text)
}

export const host = v.pipe(v.string(HOST), v.check(isHost, HOST))

/** Both ends included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

function readPorts(portRange: string | number): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(portRange))
  if (match === null) return undefined
  const first = Number(match[1])
  const last = Number(match[2] ?? first)
  return first <= last && last <= 65_535 ? { first, last } : undefined
}

const PORTS = 'must be a port or a range of ports such as "2-79"'
export const portOrRange = read(v.union([v.string(), v.number()], PORTS), readPorts, PORTS)

const THREADS = 'must be "auto" or a whole number from 1 to 64'

function readThreads(value: string | number): 'auto' | number | undefined {
  if (value === 'auto') return value
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 64 ? value : undefined
}

export const threadSetting = read(v.union([v.string(), v.number()], THREADS), readThreads, THREADS)

/**
 * Seconds, or a duration as Torrust writes it: `{ secs = 120, nanos = 0 }`. Fractions of a second are dropped.
 */
export const duration = v.pipe(
  v.union(
    [
      secondsBetween(0, 4_294_967_295),
      table({ secs: wholeNumber(0, 4_294_967_295), nanos: v.optional(wholeNumber(0, 999_999_999), 0) }),
    ],
    'must be a whole number of seconds, a duration such as "2m", or { secs = 120, nanos = 0 }',
  ),
  v.transform((value) => (typeof value === 'number' ? value : value.secs)),
)

/** Directives of Torrust's `trace_filter`. */
export const traceFilter = v.pipe(
  v.string(LEVEL_EXPECTED),
  v.rawTransform<string, LogFilter>(({ dataset, addIssue, NEVER }) => {
    const filter = readLogFilter(dataset.value)
    if (typeof filter !== 'string') return filter
    addIssue({ message: filter })
    return NEVER
  }),
)
