// Which peers are handed out, and to whom.

import { AddressKind, ipv4Kind, ipv6Kind } from './address.ts'
import { type AnnounceRequest, Family, Scope, Warning } from './announce.ts'

/** Which peers receive private addresses: only other private peers, all, or none. */
export type PrivatePeers = 'scope' | 'all' | 'none'

/** libtorrent announces port 1 when it cannot accept connections (protocol rule HTTP-13). */
const CANNOT_ACCEPT = 1

export class PeerPolicy {
  /** The warning for the client, set by `place`. */
  warning: Warning = Warning.None

  readonly #privatePeers: PrivatePeers
  /** A bit per port. */
  readonly #deniedPorts = new Int32Array(65_536 / 32)

  /** `deniedPorts` are ports that are never handed out, because something other than a peer listens there (SEC-15). */
  constructor(privatePeers: PrivatePeers, deniedPorts: Iterable<number>) {
    this.#privatePeers = privatePeers
    for (const port of deniedPorts) this.#deniedPorts[port >> 5] |= 1 << (port & 31)
  }

  /** Sets the request's scope and whether it is hidden; false when its address cannot be a peer's. */
  place(request: AnnounceRequest): boolean {
    const kind = request.family === Family.IPv4 ? ipv4Kind(request.endpoint) : ipv6Kind(request.endpoint)
    if (kind === AddressKind.Unusable) return false
    const isDenied = ((this.#deniedPorts[request.port >> 5] >>> (request.port & 31)) & 1) === 1
    this.warning = isDenied ? Warning.DeniedPort : Warning.None
    const isPrivate = kind === AddressKind.Private && this.#privatePeers !== 'all'
    request.scope = isPrivate && this.#privatePeers === 'scope' ? Scope.Private : Scope.Global
    request.isHidden =
      isDenied ||
      request.port === CANNOT_ACCEPT ||
      kind === AddressKind.Unlisted ||
      (isPrivate && this.#privatePeers === 'none')
    return true
  }
}
