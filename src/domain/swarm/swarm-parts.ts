// The parts that a swarm works with; one of each per thread.

import type { AddressShare } from './address-share.ts'
import type { Holdings } from './holdings.ts'
import type { LargestHolder } from './largest-holder.ts'
import type { PeerBlock } from './peer-block.ts'
import type { PeerFinder } from './peer-finder.ts'
import type { PeerList } from './peer-list.ts'
import type { TorrentIndex } from './torrent-index.ts'
import type { Twins } from './twins.ts'

export interface SwarmParts {
  readonly index: TorrentIndex
  readonly block: PeerBlock
  readonly finder: PeerFinder
  readonly peers: PeerList
  readonly twins: Twins
  readonly addressShare: AddressShare
  readonly largestHolder: LargestHolder
  readonly holdings: Holdings
}
