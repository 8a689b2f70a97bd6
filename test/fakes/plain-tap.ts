// A tap that notes the requests of one IPv4 client, or of none.

import { Family } from '../../src/domain/announce.ts'
import type { RequestTap, TracedRequest } from '../../src/domain/ports/outbound/request-tap.ts'

export class PlainTap implements RequestTap {
  readonly noted: TracedRequest[] = []
  /** Four bytes. */
  traced: readonly number[] | undefined

  isOn(): boolean {
    return this.traced !== undefined
  }

  isTraced(family: number, words: Int32Array, wordAt: number): boolean {
    const address = new Uint8Array(words.buffer, words.byteOffset + 4 * wordAt, 4)
    return family === Family.IPv4 && this.traced?.every((byte, i) => byte === address[i]) === true
  }

  note(request: TracedRequest): void {
    this.noted.push(request)
  }
}
