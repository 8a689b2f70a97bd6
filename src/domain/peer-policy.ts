// Which peers are handed out, and to whom.

import { AddressKind, addressKind } from './address.ts'
import type { AddressRanges } from './address-ranges.ts'
import { type AnnounceRequest, Scope, Warning } from './announce.ts'

/** Which peers receive private addresses: only other private peers, all, or none. */
export type PrivatePeers = 'scope' | 'all' | 'none'

/** libtorrent announces port 1 when it cannot accept connections (protocol rule HTTP-13). */
const CANNOT_ACCEPT = 1

export class PeerPolicy {
  /** The warning for the client, set by `place`. */
  warning: Warning = Warning.None

  /** By kind of address: the scope of its peers, and whether they are hidden (1). */
  readonly #scopes = new Uint8Array(5)
  readonly #hides = new Uint8Array(5)
  readonly #ranges: AddressRanges | undefined
  /** A bit per port. */
  readonly #deniedPorts = new Int32Array(65_536 / 32)

  /**
   * `deniedPorts` are ports that are never handed out, because something other than a peer listens there (SEC-15).
   * Addresses in `ranges` have the scope of their range, whatever their kind.
   */
  constructor(privatePeers: PrivatePeers, deniedPorts: Iterable<number>, ranges?: AddressRanges) {
    this.#scopes[AddressKind.Private] = privatePeers === 'scope' ? Scope.Private : Scope.Global
    this.#scopes[AddressKind.Overlay] = Scope.Overlay
    this.#hides[AddressKind.Private] = privatePeers === 'none' ? 1 : 0
    this.#hides[AddressKind.Unlisted] = 1
    this.#ranges = ranges
    for (const port of deniedPorts) this.#deniedPorts[port >> 5] |= 1 << (port & 31)
  }

  /** Sets the request's scope and whether it is hidden; false when its address cannot be a peer's. */
  place(request: AnnounceRequest): boolean {
    const kind = addressKind(request.family, request.endpoint)
    if (kind === AddressKind.Unusable) return false
    const isDenied = ((this.#deniedPorts[request.port >> 5] >>> (request.port & 31)) & 1) === 1
    this.warning = isDenied ? Warning.DeniedPort : Warning.None
    request.scope = this.#scopes[kind]
    request.isHidden = isDenied || request.port === CANNOT_ACCEPT || this.#hides[kind] === 1
    if (this.#ranges !== undefined) this.#placeInRange(this.#ranges, request, isDenied)
    return true
  }

  #placeInRange(ranges: AddressRanges, request: AnnounceRequest, isDenied: boolean): void {
    const scope = ranges.scopeOf(request.family, request.endpoint)
    if (scope === Scope.Global) return
    request.scope = scope
    request.isHidden = isDenied || request.port === CANNOT_ACCEPT
  }
}
