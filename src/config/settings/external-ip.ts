// network.external_ip of a listener: what is said about an unsuitable address, and the form that listeners use.

import { IpAddress, readAddress } from '../../adapters/protocol/address-text.ts'
import { AddressKind, addressKind, isLoopbackAddress } from '../../domain/address.ts'
import { ExternalAddress } from '../../domain/external-address.ts'
import type { DocumentIssues } from './problems.ts'
import type { Path } from './tree.ts'

/** `text` has passed the schema. */
function parse(text: string): IpAddress {
  const address = new IpAddress()
  readAddress(text, 0, text.length, address)
  return address
}

/** Undefined, with a warning, if no peer can have the address: Torrust starts with any. */
export function buildExternalIp(text: string | undefined, network: Path, issues: DocumentIssues): string | undefined {
  if (text === undefined) return undefined
  const { family, bytes } = parse(text)
  const halfwords = new Uint16Array(bytes.buffer)
  const kind = addressKind(family, halfwords)
  const warn = (message: string): void => issues.warning([...network, 'external_ip'], `"${text}" ${message}`)
  if (kind === AddressKind.Unusable || isLoopbackAddress(family, halfwords)) {
    warn('is ignored: other machines cannot reach a peer at this address')
    return undefined
  }
  if (kind === AddressKind.Unlisted) {
    warn('is not a public address: clients on this machine are handed out only if network.ranges contains it')
  }
  return text
}

export function externalAddress(text: string | undefined): ExternalAddress | undefined {
  if (text === undefined) return undefined
  const { family, bytes } = parse(text)
  return new ExternalAddress(family, bytes)
}
