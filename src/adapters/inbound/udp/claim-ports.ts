// Claims the UDP ports before threads share them. Sockets with SO_REUSEPORT would silently share a port with another
// tracker of the same user too, and port 0 must become one number that all threads can use.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6Text } from '../../protocol/address-text.ts'
import { ListenError } from './listener.ts'
import type { Endpoint } from './own-endpoints.ts'

/** Returns the listeners with their actual ports. Throws a ListenError if a port is taken; leaves no socket open. */
export async function claimUdpPorts(listeners: readonly Endpoint[]): Promise<readonly Endpoint[]> {
  const sockets = listeners.map(({ address }) =>
    createSocket({ type: isIPv6Text(address) ? 'udp6' : 'udp4', ipv6Only: isIPv6Text(address) }),
  )
  try {
    const claimed: Endpoint[] = []
    for (const [index, listener] of listeners.entries()) {
      const socket = sockets[index]
      const listening = once(socket, 'listening')
      socket.bind({ address: listener.address, port: listener.port, exclusive: true })
      await listening.catch((cause) => {
        throw new ListenError(listener, 'cannot listen', String(cause.code), cause)
      })
      claimed.push({ address: listener.address, port: socket.address().port })
    }
    return claimed
  } finally {
    for (const socket of sockets) socket.close()
  }
}
