// The parameters of an announce's query, and their names in the usual form: not escaped, so that one is recognised by
// its words of four bytes, without a search for its end.

import { PASSKEY } from '../key-text.ts'
import type { QueryCursor } from '../query-cursor.ts'
import { ascii } from './bencode-writer.ts'

export const Parameter = {
  /** Unknown, or a name in another form. */
  Other: 0,
  InfoHash: 1,
  PeerId: 2,
  Port: 3,
  Uploaded: 4,
  Downloaded: 5,
  Left: 6,
  Event: 7,
  Key: 8,
  Numwant: 9,
  Compact: 10,
  NoPeerId: 11,
  Passkey: 12,
  Ip: 13,
} as const
export type Parameter = (typeof Parameter)[keyof typeof Parameter]

const NAMES: readonly (readonly [Parameter, Uint8Array])[] = [
  [Parameter.InfoHash, ascii('info_hash')],
  [Parameter.PeerId, ascii('peer_id')],
  [Parameter.Port, ascii('port')],
  [Parameter.Uploaded, ascii('uploaded')],
  [Parameter.Downloaded, ascii('downloaded')],
  [Parameter.Left, ascii('left')],
  [Parameter.Event, ascii('event')],
  [Parameter.Key, ascii('key')],
  [Parameter.Numwant, ascii('numwant')],
  [Parameter.Compact, ascii('compact')],
  [Parameter.NoPeerId, ascii('no_peer_id')],
  [Parameter.Passkey, PASSKEY],
  [Parameter.Ip, ascii('ip')],
]

/** The parameter of the pair that the cursor is at, whatever the form of its name. */
export function parameterOf(cursor: QueryCursor): Parameter {
  for (let i = 0; i < NAMES.length; i++) {
    const [parameter, name] = NAMES[i]
    if (name.length === cursor.nameLength && cursor.isNamed(name)) return parameter
  }
  return Parameter.Other
}

/** No usual name is longer, with its `=`. */
const MAX_NAME_BYTES = 11
const EQUALS = 0x3d
// The rest of names, with their `=`, as a little-endian machine reads them.
const HAS_HASH_REST = 0x3d68
const EVENT_REST = 0x3d74
const DOWNLOADED_REST = 0x6465

export class UsualNames {
  /** The parameter found last. */
  parameter: Parameter = Parameter.Other
  #view: DataView = new DataView(new ArrayBuffer(0))
  #bytes: Uint8Array = new Uint8Array(0)
  /** The last place where a name can be. */
  #lastAt = -1

  /** To be called before the names in other memory than the last ones. */
  use(bytes: Uint8Array): void {
    if (bytes === this.#bytes) return
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#lastAt = bytes.length - MAX_NAME_BYTES
  }

  /** Index of the value of the pair at `at`, with `parameter` set; 0 if its name is no usual one before `to`. */
  valueAt(at: number, to: number): number {
    if (at > this.#lastAt) return 0
    const length = this.#read(at)
    return length === 0 || at + length > to ? 0 : at + length
  }

  /** Length of the name with its `=`; 0 for none. What is there may belong to something else. */
  #read(at: number): number {
    const view = this.#view
    const next = view.getInt32(at + 4, true)
    switch (view.getInt32(at, true)) {
      case 0x6f666e69: // info
        // _has
        if (next !== 0x7361685f || view.getUint16(at + 8, true) !== HAS_HASH_REST) return 0
        return this.#found(Parameter.InfoHash, 10)
      case 0x72656570: // peer
        return next === 0x3d64695f /* _id= */ ? this.#found(Parameter.PeerId, 8) : 0
      case 0x74726f70: // port
        return (next & 0xff) === EQUALS ? this.#found(Parameter.Port, 5) : 0
      case 0x6f6c7075: // uplo
        if (next !== 0x64656461 /* aded */ || view.getUint8(at + 8) !== EQUALS) return 0
        return this.#found(Parameter.Uploaded, 9)
      case 0x6e776f64: // down
        // load
        if (next !== 0x64616f6c || view.getUint16(at + 8, true) !== DOWNLOADED_REST) return 0
        return view.getUint8(at + 10) === EQUALS ? this.#found(Parameter.Downloaded, 11) : 0
      case 0x7466656c: // left
        return (next & 0xff) === EQUALS ? this.#found(Parameter.Left, 5) : 0
      case 0x6e657665: // even
        return (next & 0xffff) === EVENT_REST ? this.#found(Parameter.Event, 6) : 0
      case 0x3d79656b: // key=
        return this.#found(Parameter.Key, 4)
      case 0x776d756e: // numw
        return next === 0x3d746e61 /* ant= */ ? this.#found(Parameter.Numwant, 8) : 0
      case 0x706d6f63: // comp
        return next === 0x3d746361 /* act= */ ? this.#found(Parameter.Compact, 8) : 0
      case 0x705f6f6e: // no_p
        // eer_
        if (next !== 0x5f726565 || view.getUint16(at + 8, true) !== 0x6469 /* id */) return 0
        return view.getUint8(at + 10) === EQUALS ? this.#found(Parameter.NoPeerId, 11) : 0
    }
    return 0
  }

  #found(parameter: Parameter, length: number): number {
    this.parameter = parameter
    return length
  }
}
