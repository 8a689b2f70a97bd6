// The heads of the plain driver's replies: constant but for the length of the body, which comes last.

/** What becomes of the connection. */
export const After = {
  /** It stays open, which HTTP/1.1 does not have to say. */
  Kept: 0,
  /** It stays open, which HTTP/1.0 has to say. */
  KeptHttp10: 1,
  Closed: 2,
} as const
export type After = (typeof After)[keyof typeof After]

const CONNECTION = ['', 'Connection: keep-alive\r\n', 'Connection: close\r\n']

const HEADS = CONNECTION.map((line) =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\n${line}Content-Type: text/plain\r\nX-Content-Type-Options: nosniff\r\n` +
      'Cache-Control: no-store\r\nContent-Length: ',
    'latin1',
  ),
)
const REFUSALS = ['400 Bad Request', '403 Forbidden'].map((status) =>
  CONNECTION.map((line) => Buffer.from(`HTTP/1.1 ${status}\r\n${line}Content-Length: 0\r\n\r\n`, 'latin1')),
)
/** Which of them. */
export const Refused = { BadRequest: 0, Forbidden: 1 } as const
export type Refused = (typeof Refused)[keyof typeof Refused]

/** More than any head needs. */
export const MAX_HEAD_BYTES = 256

const CR = 0x0d
const LF = 0x0a

/** Writes the constant part of a reply's head to `out`. */
export function writeConstantHead(out: Buffer, from: number, after: After): void {
  HEADS[after].copy(out, from)
}

/**
 * Writes the rest of the head of a reply of `length` bytes, whose constant part is at `from`; returns where it ends.
 */
export function writeRestOfHead(out: Buffer, from: number, after: After, length: number): number {
  let at = from + HEADS[after].length
  let digits = 1
  for (let rest = length; rest > 9; rest = (rest / 10) | 0) digits++
  let rest = length
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0
    out[i] = 0x30 + rest - tenth * 10
    rest = tenth
  }
  at += digits
  out[at] = CR
  out[at + 1] = LF
  out[at + 2] = CR
  out[at + 3] = LF
  return at + 4
}

/** Writes a whole reply without a body; returns where it ends. */
export function writeRefusal(out: Buffer, from: number, refused: Refused, after: After): number {
  const head = REFUSALS[refused][after]
  head.copy(out, from)
  return from + head.length
}
