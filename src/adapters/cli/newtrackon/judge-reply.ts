// Judges an announce reply over HTTP, and the interval of any, as newTrackon does (protocol rules NT-03, NT-04, NT-06).

import type { Bencoded } from '../../protocol/http/bencode-reader.ts'

/** What an accepted answer says. */
export interface AcceptedAnswer {
  readonly intervalSeconds: number
  readonly seeders: number | undefined
  readonly leechers: number | undefined
  /** How many peers it has. */
  readonly peers: number
}

export interface Violation {
  /** Its number in docs/protocol.md. */
  readonly rule: string
  readonly violation: string
}

/** Of a violation, which may quote what a tracker sent. */
const MAX_VIOLATION_LENGTH = 300
const MAX_KEY_LENGTH = 100

export const ACCEPTED_INTERVAL = { min: 300, max: 10_800 } as const

export function isAcceptedInterval(seconds: number): boolean {
  return seconds >= ACCEPTED_INTERVAL.min && seconds <= ACCEPTED_INTERVAL.max
}

/**
 * Cuts the text, because a tracker may send a megabyte; into a copy, because a slice keeps the whole text in memory.
 */
export function violationOf(rule: string, text: string): Violation {
  const start = Buffer.from(text.slice(0, MAX_VIOLATION_LENGTH), 'utf16le')
  return { rule, violation: start.toString('utf16le') }
}

export function judgeReply(reply: Bencoded | undefined): AcceptedAnswer | Violation {
  if (!(reply instanceof Map) || reply.size === 0)
    return violationOf('NT-04', 'the answer is not a bencoded dictionary')
  const failure = reply.get('failure reason')
  if (failure !== undefined) return violationOf('NT-04', `refused: ${textOf(failure) ?? 'no text'}`)
  if (!reply.has('peers') && !reply.has('peers6'))
    return violationOf('NT-04', 'the answer has neither peers nor peers6')
  for (const [key, value] of reply) {
    if (!isBytes(value) || key === 'peers' || key === 'peers6') continue
    if (key === 'external ip') {
      if (value.length !== 4 && value.length !== 16) {
        return violationOf('NT-06', 'external ip has neither 4 nor 16 bytes')
      }
    } else if (textOf(value) === undefined)
      return violationOf('NT-06', `${key.slice(0, MAX_KEY_LENGTH)} is not UTF-8 text`)
  }
  const intervalSeconds = figureOf(reply.get('interval'))
  if (intervalSeconds === undefined) return violationOf('NT-03', 'the answer has no interval')
  return {
    intervalSeconds,
    seeders: figureOf(reply.get('complete')),
    leechers: figureOf(reply.get('incomplete')),
    peers: peerCount(reply.get('peers'), 6) + peerCount(reply.get('peers6'), 18),
  }
}

function peerCount(peers: Bencoded | undefined, peerBytes: number): number {
  if (peers !== undefined && isBytes(peers)) return Math.floor(peers.length / peerBytes)
  return Array.isArray(peers) ? peers.length : 0
}

function figureOf(value: Bencoded | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

// Not `instanceof`, because tests run in their own realm.
function isBytes(value: Bencoded): value is Uint8Array {
  return ArrayBuffer.isView(value)
}

function textOf(value: Bencoded): string | undefined {
  if (!isBytes(value)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return undefined
  }
}
