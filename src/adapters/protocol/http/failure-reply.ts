// The reply to a request that cannot be served (protocol rule HTTP-30): a constant failure reason and the interval,
// without which clients would guess.

import { ascii, type BencodeWriter, bencodedText } from './bencode-writer.ts'

const MIN_INTERVAL = ascii('e12:min intervali')
const END = ascii('ee')

/** Everything before the interval, for one failure reason. To be created once and reused. */
export function failureHead(text: string): Uint8Array {
  return ascii(`d14:failure reason${bencodedText(text)}8:intervali`)
}

export function writeFailure(
  out: BencodeWriter,
  head: Uint8Array,
  intervalSeconds: number,
  minIntervalSeconds: number,
): void {
  out.at = 0
  out.literal(head)
  out.decimal(intervalSeconds)
  out.literal(MIN_INTERVAL)
  out.decimal(minIntervalSeconds)
  out.literal(END)
}
