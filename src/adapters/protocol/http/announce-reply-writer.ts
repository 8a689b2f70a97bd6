// The reply to an announce (BEP 3, 7, 23, 24; protocol rules HTTP-31 to HTTP-39): one dictionary, keys in byte order.
// The tracker writes the peers to the far end of the reply's own buffer, so they are moved only once.

import { AnnounceReply, Family, PeerRoom, Warning } from '../../../domain/announce.ts'
import { type IpAddress, writeIPv4, writeIPv6 } from '../address-text.ts'
import { BencodeWriter, Literal } from './bencode-writer.ts'

/** More than enough for everything in a reply except its peers. */
const FRAME_BYTES = 512
/**
 * The longest dictionary of a peer: 39 characters of address, 20 bytes of peer id, 5 digits of port, 33 of framing.
 */
const LISTED_PEER_BYTES = 98
const IPV4_PEER_BYTES = 6
const IPV6_PEER_BYTES = 18
const COLON = 0x3a
const END = 0x65

const COMPLETE = new Literal('d8:completei')
const DOWNLOADED = new Literal('e10:downloadedi')
const END_OF_FIGURE = new Literal('e')
const EXTERNAL_IPV4 = new Literal('11:external ip4:')
const EXTERNAL_IPV6 = new Literal('11:external ip16:')
const INCOMPLETE = new Literal('10:incompletei')
const INTERVAL = new Literal('e8:intervali')
const MIN_INTERVAL = new Literal('e12:min intervali')
const PEERS = new Literal('e5:peers')
const PEERS6 = new Literal('6:peers6')
const LIST = new Literal('l')
const LISTED_IP = new Literal('d2:ip')
const LISTED_PEER_ID = new Literal('7:peer id20:')
const LISTED_PORT = new Literal('4:porti')
const LISTED_END = new Literal('ee')
const WARNING_MESSAGE = new Literal('15:warning message')
const DENIED_PORT = new Literal(':port ')
const DENIED_PORT_REST = new Literal(' is not accepted')

export class AnnounceReplyWriter {
  readonly out: BencodeWriter
  /** Filled by the tracker; its peers are in `out`, beyond anything that is written before they are used. */
  readonly reply: AnnounceReply
  readonly #ipv4At: number
  readonly #ipv6At: number
  readonly #ipv4Ids: Uint8Array
  readonly #ipv6Ids: Uint8Array

  constructor(maxPeersPerAnnounce: number) {
    this.#ipv4At = FRAME_BYTES + maxPeersPerAnnounce * LISTED_PEER_BYTES
    this.#ipv6At = this.#ipv4At + maxPeersPerAnnounce * IPV4_PEER_BYTES
    const buffer = new ArrayBuffer(this.#ipv6At + maxPeersPerAnnounce * IPV6_PEER_BYTES)
    const halfwords = new Uint16Array(buffer)
    const ipv4 = new PeerRoom(halfwords, new Int32Array(maxPeersPerAnnounce * 5))
    const ipv6 = new PeerRoom(halfwords, new Int32Array(maxPeersPerAnnounce * 5))
    ipv4.at = this.#ipv4At / 2
    ipv6.at = this.#ipv6At / 2
    this.#ipv4Ids = new Uint8Array(ipv4.ids.buffer)
    this.#ipv6Ids = new Uint8Array(ipv6.ids.buffer)
    this.reply = new AnnounceReply(ipv4, ipv6)
    this.out = new BencodeWriter(new Uint8Array(buffer))
  }

  /** To be called before the tracker: clears peers and warning. */
  begin(): AnnounceReply {
    this.reply.ipv4.count = 0
    this.reply.ipv6.count = 0
    this.reply.warning = Warning.None
    return this.reply
  }

  /**
   * The compact form (BEP 23 and 7). An undefined `external` is left out; `port` is the client's, for a warning about
   * it.
   */
  writeCompact(external: IpAddress | undefined, port: number): void {
    const out = this.out
    const reply = this.reply
    this.#writeFigures(external)
    out.decimal(reply.ipv4.count * IPV4_PEER_BYTES)
    out.byte(COLON)
    out.pull(this.#ipv4At, reply.ipv4.count * IPV4_PEER_BYTES)
    if (reply.ipv6.count > 0) {
      out.literal(PEERS6)
      out.decimal(reply.ipv6.count * IPV6_PEER_BYTES)
      out.byte(COLON)
      out.pull(this.#ipv6At, reply.ipv6.count * IPV6_PEER_BYTES)
    }
    this.#writeEnd(port)
  }

  /** The form of BEP 3: one dictionary per peer, with its id if `hasPeerIds`. */
  writeList(external: IpAddress | undefined, port: number, hasPeerIds: boolean): void {
    const { ipv4, ipv6 } = this.reply
    this.#writeFigures(external)
    this.out.literal(LIST)
    for (let i = 0; i < ipv4.count; i++) {
      this.#writeAddress(this.#ipv4At + i * IPV4_PEER_BYTES, Family.IPv4)
      if (hasPeerIds) this.#writePeerId(this.#ipv4Ids, i)
      this.#writePort(this.#ipv4At + i * IPV4_PEER_BYTES + 4)
    }
    for (let i = 0; i < ipv6.count; i++) {
      this.#writeAddress(this.#ipv6At + i * IPV6_PEER_BYTES, Family.IPv6)
      if (hasPeerIds) this.#writePeerId(this.#ipv6Ids, i)
      this.#writePort(this.#ipv6At + i * IPV6_PEER_BYTES + 16)
    }
    this.out.byte(END)
    this.#writeEnd(port)
  }

  #writeFigures(external: IpAddress | undefined): void {
    const out = this.out
    const reply = this.reply
    out.at = 0
    out.literal(COMPLETE)
    out.decimal(reply.seeders)
    out.literal(DOWNLOADED)
    out.decimal(reply.completed)
    out.literal(END_OF_FIGURE)
    if (external !== undefined) {
      const isIPv6 = external.family === Family.IPv6
      out.literal(isIPv6 ? EXTERNAL_IPV6 : EXTERNAL_IPV4)
      out.copy(external.bytes, 0, isIPv6 ? 16 : 4)
    }
    out.literal(INCOMPLETE)
    out.decimal(reply.leechers)
    out.literal(INTERVAL)
    out.decimal(reply.intervalSeconds)
    out.literal(MIN_INTERVAL)
    out.decimal(reply.minIntervalSeconds)
    out.literal(PEERS)
  }

  #writeEnd(port: number): void {
    const out = this.out
    if (this.reply.warning === Warning.DeniedPort) {
      out.literal(WARNING_MESSAGE)
      out.decimal(DENIED_PORT.length - 1 + decimalLength(port) + DENIED_PORT_REST.length)
      out.literal(DENIED_PORT)
      out.decimal(port)
      out.literal(DENIED_PORT_REST)
    }
    out.byte(END)
  }

  #writeAddress(at: number, family: Family): void {
    const out = this.out
    out.literal(LISTED_IP)
    // The text is written first, with room before it for its length (two digits) and the colon.
    const textAt = out.at + 3
    const write = family === Family.IPv6 ? writeIPv6 : writeIPv4
    const length = write(out.bytes, at, out.bytes, textAt) - textAt
    out.decimal(length)
    out.byte(COLON)
    out.pull(textAt, length)
  }

  #writePeerId(ids: Uint8Array, index: number): void {
    this.out.literal(LISTED_PEER_ID)
    this.out.copy(ids, index * 20, 20)
  }

  #writePort(at: number): void {
    const out = this.out
    const bytes = out.bytes
    out.literal(LISTED_PORT)
    out.decimal((bytes[at] << 8) | bytes[at + 1])
    out.literal(LISTED_END)
  }
}

function decimalLength(port: number): number {
  if (port > 9999) return 5
  if (port > 999) return 4
  if (port > 99) return 3
  return port > 9 ? 2 : 1
}
