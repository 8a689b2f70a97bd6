// Connection ids (UDP-07, SEC-02): an id is valid exactly if it is one of those issued to the same address, or /64, in
// the slots that are recent enough; with any bit changed it is not.

import { ConnectionIds } from '../../../src/adapters/protocol/udp/connection-id.ts'
import { CONNECTION_IDS, KEY, NOW_SECONDS } from '../../fixtures/udp-vectors.ts'
import { type FuzzTarget, hold, withControls } from '../target.ts'

const SLOT_SECONDS = 32
const MIN_AGE_SLOTS = 4
const MAX_AGE_SLOTS = 225
/** Key, address, flags, time, age, maximum age, forged id. */
const BYTES = 16 + 8 + 1 + 4 + 2 + 2 + 8

interface Id {
  readonly high: number
  readonly low: number
}

function check(input: Uint8Array): void {
  const bytes = new Uint8Array(Math.max(BYTES, input.length))
  bytes.set(input)
  const wire = new DataView(bytes.buffer)
  const ids = new ConnectionIds(bytes.subarray(0, 16))
  const [first, second] = [wire.getInt32(16, true), wire.getInt32(20, true)]
  const isIPv6 = (wire.getUint8(24) & 1) === 1
  const now = 300 * SLOT_SECONDS + (wire.getUint32(25) % 2 ** 31)
  const age = wire.getUint16(29) % 300
  const maxAgeSeconds = wire.getUint16(31)
  ids.setMaxAge(maxAgeSeconds)
  const slots = Math.min(Math.max(Math.ceil(maxAgeSeconds / SLOT_SECONDS), MIN_AGE_SLOTS), MAX_AGE_SLOTS)
  const issuedAt = (seconds: number): Id => {
    ids.setTime(seconds)
    ids.issue(isIPv6, first, second)
    return { high: ids.high, low: ids.low }
  }
  const isValid = ({ high, low }: Id): boolean => ids.isValid(isIPv6, first, second, high, low)
  const id = issuedAt(now - age * SLOT_SECONDS)
  const next = issuedAt(now + SLOT_SECONDS)
  ids.setTime(now)
  hold(isValid(id) === age <= slots, `an id of ${age} slots is valid if ${slots} are allowed`)
  hold(isValid(next), 'an id of a thread that is a slot ahead is valid')
  for (let bit = 0; bit < 32; bit++) {
    hold(!isValid({ high: id.high ^ (1 << bit), low: id.low }), `bit ${32 + bit} matters`)
    hold(!isValid({ high: id.high, low: id.low ^ (1 << bit) }), `bit ${bit} matters`)
  }
  hold(!ids.isValid(!isIPv6, first, second, id.high, id.low), 'an id is of one family')
  hold(!ids.isValid(isIPv6, first ^ 1, second, id.high, id.low), 'an id is of one address')
  hold(ids.isValid(isIPv6, first, second ^ 1, id.high, id.low) === (!isIPv6 && age <= slots), 'or of one /64')
  const forged = { high: wire.getInt32(33), low: wire.getInt32(37) }
  const real = issuedAt(now - ((Math.floor(now / SLOT_SECONDS) - (forged.high >>> 24)) & 0xff) * SLOT_SECONDS)
  ids.setTime(now)
  if (forged.high !== real.high || forged.low !== real.low) hold(!isValid(forged), 'a forged id is not valid')
}

export function openConnectionIds(): FuzzTarget {
  const time = Buffer.alloc(4)
  time.writeUInt32BE(NOW_SECONDS)
  const vectors = CONNECTION_IDS.map(({ id }) =>
    withControls(
      [...KEY],
      Buffer.concat([Buffer.from('cb00710700000000', 'hex'), Buffer.of(0), time, Buffer.from(`00020078${id}`, 'hex')]),
    ),
  )
  return { seeds: [...vectors, new Uint8Array(BYTES)], dictionary: [], maxBytes: BYTES, check }
}
