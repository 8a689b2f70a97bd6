// Describes where the registry differs from the naive model: in a reply, in the stored swarms, in the totals.

import { type AnnounceReply, Family, type PeerRoom, Scope } from '../../src/domain/announce.ts'
import { SwarmCounts } from '../../src/domain/scrape.ts'
import { readSwarm, type StoredPeer } from '../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { type Announcing, endpointsIn, hashWords, hex, peerIdsIn } from './announcing.ts'
import type { NaivePeer, NaiveReply, NaiveSwarms, Portion } from './naive-swarms.ts'

export function replyDifferences(reply: AnnounceReply, expected: NaiveReply, requester: Announcing): string[] {
  const differences = [
    ...difference('seeders', reply.seeders, expected.seeders),
    ...difference('leechers', reply.leechers, expected.leechers),
    ...difference('completed', reply.completed, expected.completed),
  ]
  const rooms = [reply.ipv4, reply.ipv6] as const
  for (const family of [Family.IPv4, Family.IPv6]) {
    differences.push(...portionDifferences(rooms[family], family, expected.portions[family], requester))
  }
  return differences
}

function portionDifferences(room: PeerRoom, family: Family, portion: Portion, requester: Announcing): string[] {
  const differences: string[] = []
  const names = endpointsIn(room, family)
  const ids = requester.wantsPeerIds ? peerIdsIn(room) : []
  const scoped = names.filter((name) => portion.scoped.has(name))
  const open = names.filter((name) => portion.open.has(name))
  for (const name of names) {
    if (!portion.scoped.has(name) && !portion.open.has(name)) differences.push(`${name} may not be handed out`)
  }
  if (new Set(names).size !== names.length) differences.push('a peer was handed out twice')
  if (scoped.length !== portion.scopedCount || open.length !== portion.openCount) {
    const wanted = `${portion.scopedCount} + ${portion.openCount}`
    differences.push(`family ${family}: ${scoped.length} + ${open.length} peers handed out, not ${wanted}`)
  }
  if (requester.endpoint.scope !== Scope.Private) differences.push(...unevenness(scoped, portion.scoped))
  differences.push(...unevenness(open, portion.open))
  ids.forEach((id, i) => {
    const peer = portion.scoped.get(names[i]) ?? portion.open.get(names[i])
    if (peer !== undefined && peer.peerId !== id) differences.push(`${names[i]} was given the peer id ${id}`)
  })
  return differences
}

/** At most half of the peers from one source, rounded up, are of one /24 or /48 if it has others (SEC-16). */
function unevenness(names: readonly string[], source: ReadonlyMap<string, NaivePeer>): string[] {
  const networkOf = (name: string) => name.slice(0, name.length === 12 ? 6 : 12)
  const counts = new Map<string, number>()
  for (const name of names) counts.set(networkOf(name), (counts.get(networkOf(name)) ?? 0) + 1)
  const [network, count] = [...counts].find(([, count]) => count > Math.ceil(names.length / 2)) ?? ['', 0]
  const others = [...source.keys()].filter((name) => networkOf(name) !== network).length
  const handedOut = names.length - count
  return count > 0 && handedOut < others ? [`${count} of ${names.length} peers are of network ${network}`] : []
}

export function scrapeDifferences(registry: SwarmRegistry, model: NaiveSwarms, infoHash: string): string[] {
  const counts = new SwarmCounts()
  registry.scrape(hashWords(infoHash), 0, counts)
  const { seeders, leechers, partialSeeds, completed } = model.counts(infoHash)
  const expected = { seeders, completed, leechers, downloaders: leechers - partialSeeds }
  return difference('scrape', JSON.stringify(counts), JSON.stringify(expected))
}

/** The whole of a swarm, peer by peer. */
export function swarmDifferences(registry: SwarmRegistry, model: NaiveSwarms, infoHash: string): string[] {
  const stored = readSwarm(registry, Buffer.from(infoHash, 'hex'))
  const expected = model.swarms.get(infoHash)
  if (stored === undefined || expected === undefined) {
    return difference(`swarm ${infoHash} known`, stored !== undefined, expected !== undefined)
  }
  const differences = difference('peers', stored.peers.length, expected.peers.size)
  for (const peer of stored.peers) {
    const name = hex(peer.endpoint)
    const wanted = expected.peers.get(name)
    if (wanted === undefined) differences.push(`${name} is stored and should not be`)
    else differences.push(...difference(name, storedText(peer), naiveText(wanted)))
  }
  const counts = JSON.stringify(model.counts(infoHash))
  const scraped = new SwarmCounts()
  registry.scrape(hashWords(infoHash), 0, scraped)
  const { seeders, leechers, completed } = stored
  const partialSeeds = leechers - scraped.downloaders
  return [
    ...differences,
    ...difference('counts', JSON.stringify({ seeders, leechers, partialSeeds, completed }), counts),
  ]
}

export function totalsDifferences(registry: SwarmRegistry, model: NaiveSwarms): string[] {
  const { torrents, ipv4Peers, ipv6Peers, seeders, leechers } = swarmTotals(registry.memory)
  const found = JSON.stringify({ torrents, ipv4Peers, ipv6Peers, seeders, leechers })
  return difference('totals', found, JSON.stringify(model.totals()))
}

function storedText(peer: StoredPeer): string {
  return text(peer, [hex(peer.peerId), peer.family, peer.scope, peer.isHidden, peer.event])
}

function naiveText(peer: NaivePeer): string {
  const { family, scope, isHidden } = peer.endpoint
  return text(peer, [peer.peerId, family, scope, isHidden, EVENT_NAMES[peer.event]])
}

const EVENT_NAMES = ['none', 'completed', 'started', 'stopped', 'paused'] as const

function text(peer: StoredPeer | NaivePeer, own: readonly unknown[]): string {
  return [
    ...own,
    peer.uploaded,
    peer.downloaded,
    peer.left,
    peer.key,
    peer.lastAnnounce,
    peer.isTwin,
    peer.hasCompleted,
  ].join()
}

function difference<T>(what: string, found: T, expected: T): string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`]
}
