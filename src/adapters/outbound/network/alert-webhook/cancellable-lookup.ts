// Finds the addresses of a host in a way that can be cancelled. The system's resolver cannot: one that waits for a dead
// DNS server would keep a process alive that has stopped. So DNS is asked first, and the system only where DNS has
// answered that it knows no such name, or is not there: then the system answers soon, from its hosts file or with the
// name in a search domain.

import { CANCELLED, type LookupAddress, type LookupOptions, lookup, TIMEOUT } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

type Found = Parameters<LookupFunction>[2]

/** `servers`: instead of those of the system. */
export function cancellableLookup(signal: AbortSignal, servers?: readonly string[]): LookupFunction {
  return (host, options, found) => {
    const resolver = new Resolver()
    if (servers !== undefined) resolver.setServers(servers)
    const cancel = (): void => resolver.cancel()
    signal.addEventListener('abort', cancel)
    resolve(resolver, host)
      .finally(() => signal.removeEventListener('abort', cancel))
      .then(
        (addresses) => answer(addresses, options, found),
        (error: NodeJS.ErrnoException) => (isHanging(error) ? found(error, '') : lookup(host, options, found)),
      )
  }
}

/** IPv4 first. Rejects if there is neither: with the error of the one that was not answered, if there is one. */
async function resolve(resolver: Resolver, host: string): Promise<readonly LookupAddress[]> {
  const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const addresses = [
    ...(ipv4.status === 'fulfilled' ? ipv4.value.map((address) => ({ address, family: 4 })) : []),
    ...(ipv6.status === 'fulfilled' ? ipv6.value.map((address) => ({ address, family: 6 })) : []),
  ]
  if (addresses.length > 0) return addresses
  const reasons = [ipv4, ipv6].map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
  throw reasons.find(isHanging) ?? reasons[0]
}

function isHanging({ code }: NodeJS.ErrnoException): boolean {
  return code === CANCELLED || code === TIMEOUT
}

function answer(addresses: readonly LookupAddress[], { all }: LookupOptions, found: Found): void {
  if (all) found(null, [...addresses])
  else found(null, addresses[0].address, addresses[0].family)
}
