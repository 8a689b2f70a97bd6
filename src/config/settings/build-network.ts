// [network]: ranges of addresses, such as a VPN or a lab, whose peers see only each other.

import { AddressRanges, MAX_NETWORKS, MAX_RANGES } from '../../domain/address-ranges.ts'
import { maskedNetwork, overlap, readNetwork, writeNetwork } from './address-network.ts'
import type { SettingsDocument } from './document-schema.ts'
import { membersOf } from './options/members.ts'
import { networkOptions } from './options/network.ts'
import type { DocumentIssues } from './problems.ts'
import type { NetworkSettings } from './settings.ts'
import { type Path, showPath } from './tree.ts'

const RANGES: Path = ['network', 'ranges']

/** Addresses there are read as the IPv4 addresses that they carry (protocol rule UDP-19). */
const CARRIES_IPV4 = ['::ffff:0:0/96', '64:ff9b::/96'].map(readNetwork)

interface PlacedNetwork {
  readonly path: Path
  readonly text: string
}

function problemWith(text: string): string | undefined {
  const network = readNetwork(text)
  const masked = writeNetwork(maskedNetwork(network))
  if (masked !== writeNetwork(network)) return `"${text}" has bits beyond its prefix; the network is "${masked}"`
  const isIPv4 = CARRIES_IPV4.some((prefix) => network.prefixBits >= prefix.prefixBits && overlap(network, prefix))
  return isIPv4 ? `"${text}" is taken for IPv4; name the network of IPv4 addresses` : undefined
}

function checkOverlaps(networks: readonly PlacedNetwork[], findings: DocumentIssues): void {
  networks.forEach(({ path, text }, index) => {
    const other = networks.slice(0, index).find((before) => overlap(readNetwork(before.text), readNetwork(text)))
    if (other !== undefined) findings.problem(path, `"${text}" overlaps "${other.text}" of ${showPath(other.path)}`)
  })
}

export function buildNetwork(document: SettingsDocument, findings: DocumentIssues): NetworkSettings {
  const { ranges } = membersOf(networkOptions, document.network)
  const names = Object.keys(ranges)
  const networks: readonly PlacedNetwork[] = Object.entries(ranges).flatMap(([name, texts]) =>
    texts.map((text, index) => ({ path: [...RANGES, name, index], text })),
  )
  for (const [name, texts] of Object.entries(ranges)) {
    if (texts.length === 0) findings.problem([...RANGES, name], 'is empty; a range has at least one network')
  }
  for (const { path, text } of networks) {
    const problem = problemWith(text)
    if (problem !== undefined) findings.problem(path, problem)
  }
  checkOverlaps(networks, findings)
  if (names.length > MAX_RANGES) findings.problem(RANGES, `has ${names.length} ranges; ${MAX_RANGES} are possible`)
  if (networks.length > MAX_NETWORKS)
    findings.problem(RANGES, `has ${networks.length} networks; ${MAX_NETWORKS} are possible`)
  return { ranges }
}

/** The ranges as the tracker looks addresses up in them; undefined when there are none. */
export function addressRanges({ ranges }: NetworkSettings): AddressRanges | undefined {
  const networks = Object.values(ranges).map((texts) => texts.map(readNetwork))
  return networks.length === 0 ? undefined : new AddressRanges(networks)
}
