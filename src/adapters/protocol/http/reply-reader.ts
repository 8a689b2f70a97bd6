// Reads the announce reply of an HTTP tracker for a client (BEP 3, 7, 23, 24, 31): lenient about missing fields, strict
// about the others, unless it is told to tolerate what trackers get wrong.

import type { Deviations } from '../deviations.ts'
import { type Bencoded, readBencoded } from './bencode-reader.ts'
import { isByteString, type ListedPeer, readPeerList } from './peer-list-reader.ts'

export interface HttpAnnounceReply {
  /** Set if the tracker rejected the announce; the fields of a success are then missing. */
  readonly failureReason: string | undefined
  readonly warningMessage: string | undefined
  readonly intervalSeconds: number | undefined
  readonly minIntervalSeconds: number | undefined
  readonly complete: number | undefined
  readonly incomplete: number | undefined
  readonly downloaded: number | undefined
  readonly externalAddress: Uint8Array | undefined
  /** Whether `peers` is a list without entries, which is not what a compact reply has. */
  readonly isEmptyList: boolean
  readonly peers: readonly ListedPeer[]
}

/**
 * The reply in `body`; undefined unless it is a bencoded dictionary with peers of the right size. With `deviations`,
 * anything but a dictionary.
 */
export function readHttpAnnounceReply(body: Uint8Array, deviations?: Deviations): HttpAnnounceReply | undefined {
  const reply = readBencoded(body, deviations)
  if (!(reply instanceof Map)) return undefined
  const failureReason = readFailureReason(reply, deviations)
  // A refusal needs nothing else, so nothing else of it can be wrong.
  const noting = failureReason === undefined ? deviations : undefined
  const peers = readPeerList(reply.get('peers'), 'peers', deviations)
  const peers6 = readPeerList(reply.get('peers6'), 'peers6', deviations)
  if (peers === undefined || peers6 === undefined) return undefined
  if (!reply.has('peers') && !reply.has('peers6')) noting?.note('there is neither peers nor peers6')
  const intervalSeconds = readFigure(reply, 'interval', deviations)
  if (intervalSeconds === undefined) noting?.note('there is no interval')
  else if (intervalSeconds <= 0) noting?.note('interval is not positive')
  const list = reply.get('peers')
  const external = reply.get('external ip')
  return {
    failureReason,
    warningMessage: textOf(reply.get('warning message')),
    intervalSeconds,
    minIntervalSeconds: readFigure(reply, 'min interval', deviations),
    complete: readFigure(reply, 'complete', deviations),
    incomplete: readFigure(reply, 'incomplete', deviations),
    downloaded: readFigure(reply, 'downloaded', deviations),
    externalAddress: isByteString(external) ? external : undefined,
    isEmptyList: Array.isArray(list) && list.length === 0,
    peers: [...peers, ...peers6],
  }
}

/** With `deviations`, a reason that is no text still refuses. */
export function readFailureReason(reply: ReadonlyMap<string, Bencoded>, deviations?: Deviations): string | undefined {
  const reason = reply.get('failure reason')
  if (reason === undefined || isByteString(reason) || deviations === undefined) return textOf(reason)
  deviations.note('failure reason is not text')
  return 'no reason given'
}

/** With `deviations`, also a number that is written as text. */
export function readFigure(
  dictionary: ReadonlyMap<string, Bencoded>,
  name: string,
  deviations?: Deviations,
): number | undefined {
  const value = dictionary.get(name)
  if (typeof value === 'number' || value === undefined) return value
  if (deviations === undefined) return undefined
  deviations.note(`${name} is not an integer`)
  const text = textOf(value) ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function textOf(value: Bencoded | undefined): string | undefined {
  return isByteString(value) ? new TextDecoder().decode(value) : undefined
}
