// [network]: ranges of addresses, such as a VPN or a lab, whose peers see only each other.

import { AddressRanges, MAX_NETWORKS, MAX_RANGES } from '../../domain/address-ranges.ts'
import { overlap, readNetwork } from './address-network.ts'
import type { SettingsDocument } from './document-schema.ts'
import { withoutHostBits } from './host-bits.ts'
import { membersOf } from './options/members.ts'
import { networkOptions } from './options/network.ts'
import type { DocumentIssues } from './problems.ts'
import type { NetworkSettings } from './settings.ts'
import { type Path, showPath } from './tree.ts'

const RANGES: Path = ['network', 'ranges']

/** Their addresses are read as the IPv4 addresses that they contain (protocol rule UDP-19). */
const CONTAIN_IPV4 = ['::ffff:0:0/96', '64:ff9b::/96'].map(readNetwork)

interface PlacedNetwork {
  readonly path: Path
  readonly text: string
}

function problemWith(text: string): string | undefined {
  const network = readNetwork(text)
  const masked = withoutHostBits(text)
  if (masked !== undefined) return `"${text}" has bits beyond its prefix; the network is "${masked}"`
  const isIPv4 = CONTAIN_IPV4.some((prefix) => network.prefixBits >= prefix.prefixBits && overlap(network, prefix))
  return isIPv4 ? `"${text}" is treated as IPv4; name the IPv4 network` : undefined
}

function checkOverlaps(networks: readonly PlacedNetwork[], issues: DocumentIssues): void {
  networks.forEach(({ path, text }, index) => {
    const other = networks.slice(0, index).find((before) => overlap(readNetwork(before.text), readNetwork(text)))
    if (other !== undefined) issues.problem(path, `"${text}" overlaps "${other.text}" of ${showPath(other.path)}`)
  })
}

export function buildNetwork(document: SettingsDocument, issues: DocumentIssues): NetworkSettings {
  const { ranges } = membersOf(networkOptions, document.network)
  const names = Object.keys(ranges)
  const networks: readonly PlacedNetwork[] = Object.entries(ranges).flatMap(([name, texts]) =>
    texts.map((text, index) => ({ path: [...RANGES, name, index], text })),
  )
  for (const [name, texts] of Object.entries(ranges)) {
    if (texts.length === 0) issues.problem([...RANGES, name], 'is empty; a range needs at least one network')
  }
  for (const { path, text } of networks) {
    const problem = problemWith(text)
    if (problem !== undefined) issues.problem(path, problem)
  }
  checkOverlaps(networks, issues)
  if (names.length > MAX_RANGES) issues.problem(RANGES, `has ${names.length} ranges; the maximum is ${MAX_RANGES}`)
  if (networks.length > MAX_NETWORKS)
    issues.problem(RANGES, `has ${networks.length} networks; the maximum is ${MAX_NETWORKS}`)
  return { ranges }
}

/** The ranges in the form in which the tracker looks up addresses; undefined without ranges. */
export function addressRanges({ ranges }: NetworkSettings): AddressRanges | undefined {
  const networks = Object.values(ranges).map((texts) => texts.map(readNetwork))
  return networks.length === 0 ? undefined : new AddressRanges(networks)
}
