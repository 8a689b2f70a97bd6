// A tracker that follows another on its data directory must not open by accident what that one kept closed, nor leave
// its clients without their listener.

import { isIPv4 } from 'node:net'
import type { ConfiguredListener } from '../pre-start/configured-listeners.ts'
import type { AccessSettings } from '../settings/settings.ts'
import { listenerUrl, type PortClaim } from '../threads/listening.ts'
import type { LastRun } from './last-run.ts'

export type Access = Pick<AccessSettings, 'isListed' | 'isPrivate'>

export const ACCEPT_FLAG = '--yes-change-access'

/** `private and listed`. */
export function writeAccess({ isListed, isPrivate }: Access): string {
  return [isPrivate ? 'private' : '', isListed ? 'listed' : ''].filter((word) => word !== '').join(' and ') || 'public'
}

/** Whether `next` admits clients or torrents that `last` did not. */
export function isWider(last: Access, next: Access): boolean {
  return (last.isPrivate && !next.isPrivate) || (last.isListed && !next.isListed)
}

/** The listeners of the last tracker, as in its document, that no listener of the next one replaces. */
export function droppedListeners(last: LastRun, next: readonly ConfiguredListener[]): readonly string[] {
  return last.listeners
    .filter(({ urls }) => !urls.some((url) => next.some(({ claim }) => serves(claim, url))))
    .map(({ option, urls }) => `${urls.at(-1)} (${option})`)
}

/** Also if it listens on all addresses of the family. */
function serves({ scheme, address, ipv6Only }: PortClaim, url: string): boolean {
  const hosts = [address.address]
  const { hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (address.address === '0.0.0.0' && isIPv4(host)) hosts.push(host)
  if (address.address === '::' && !(ipv6Only && isIPv4(host))) hosts.push(host)
  return hosts.some((one) => listenerUrl(scheme, { ...address, address: one }) === url)
}
