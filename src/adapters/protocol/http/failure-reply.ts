// The reply to a request that cannot be served (protocol rule HTTP-30): a constant failure reason and the interval,
// without which clients would guess.

import { type BencodeWriter, bencodedText, Literal } from './bencode-writer.ts'

const MIN_INTERVAL = new Literal('e12:min intervali')
const END = new Literal('ee')

/** Everything before the interval, for one failure reason. To be created once and reused. */
export function failureHead(text: string): Literal {
  return new Literal(`d14:failure reason${bencodedText(text)}8:intervali`)
}

export function writeFailure(
  out: BencodeWriter,
  head: Literal,
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
