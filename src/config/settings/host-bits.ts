// Networks with bits beyond their prefix, such as 10.1.2.3/8: what they are taken as.

import { networkOf } from '../../domain/address-ranges.ts'
import { readNetwork, writeNetwork } from './address-network.ts'
import type { DocumentIssues } from './problems.ts'
import type { Path } from './tree.ts'

/** The network without these bits; undefined if it has none. */
export function withoutHostBits(text: string): string | undefined {
  const network = readNetwork(text)
  const masked = writeNetwork(networkOf(network.bytes, network.prefixBits))
  return masked === writeNetwork(network) ? undefined : masked
}

/** The networks as they apply, with a warning about each that was written differently. */
export function maskNetworks(networks: readonly string[], at: Path, issues: DocumentIssues): readonly string[] {
  return networks.map((text, index) => {
    const masked = withoutHostBits(text)
    if (masked === undefined) return text
    issues.warning([...at, index], `"${text}" has bits beyond its prefix and is taken as "${masked}": write that`)
    return masked
  })
}
