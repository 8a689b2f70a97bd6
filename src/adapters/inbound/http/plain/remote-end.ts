// Reads the remote end of an accepted connection from the socket address that the kernel has written.

import { Family } from '../../../../domain/announce.ts'
import { AF_INET, AF_INET6 } from '../../../linux/socket-address.ts'
import { carriesIPv4, IpAddress } from '../../../protocol/address-text.ts'
import { writeAddress } from '../../../protocol/client-range-text.ts'
import type { ClientAddresses } from '../../client-address.ts'
import type { RemoteEnd } from '../../connection-table.ts'

/** struct sockaddr_in6. */
export const SOCKET_ADDRESS_BYTES = 28

const IPV4_AT = 4
const IPV6_AT = 8

export function readRemoteEnd(socketAddress: Buffer, clients: ClientAddresses): RemoteEnd {
  const address = new IpAddress()
  const { bytes } = address
  const family = socketAddress[0] | (socketAddress[1] << 8)
  if (family === AF_INET) {
    address.family = Family.IPv4
    for (let i = 0; i < 4; i++) bytes[i] = socketAddress[IPV4_AT + i]
  } else if (family === AF_INET6) {
    address.family = Family.IPv6
    for (let i = 0; i < 16; i++) bytes[i] = socketAddress[IPV6_AT + i]
    if (carriesIPv4(bytes)) {
      address.family = Family.IPv4
      bytes.copyWithin(0, 12, 16)
    }
  } else return { address, isKnown: false, isProxy: false }
  return { address, isKnown: true, isProxy: clients.hasProxies && clients.isProxy(writeAddress(address), address) }
}
