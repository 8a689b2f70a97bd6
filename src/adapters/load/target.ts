// What may be loaded: this machine only, unless the user says that the tracker is his. A load on somebody else's
// tracker is an attack, so names are resolved once, every address is checked, and only checked addresses are used.

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { Family } from '../../domain/announce.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { isIPv6Text, readSocketAddress } from '../protocol/address-text.ts'
import type { LoadTarget } from './load-plan.ts'

const IPV4_MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
/** Reused: the address that was read last. */
const BYTES = new Uint8Array(16)

/** A target that cannot be loaded, in a sentence for the user. */
export class TargetError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'TargetError'
  }
}

export interface TargetDependencies {
  /** All addresses of a name. */
  readonly resolve: (host: string) => Promise<readonly string[]>
  /** The addresses of this machine's interfaces, in this network namespace; link-local ones with their zone. */
  readonly ownAddresses: () => readonly string[]
}

export const THIS_NETWORK: TargetDependencies = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  ownAddresses: () =>
    Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
      entries.map((entry) => (isLinkLocal(entry) ? `${entry.address}%${name}` : entry.address)),
    ),
}

export interface TargetOptions {
  readonly url: URL
  readonly port: number
  /** From `--i-own-this-tracker`: the hosts whose owner the user says he is. */
  readonly ownedHosts: readonly string[]
}

/** The addresses of a URL's host that may be loaded, IPv4 first. Rejects with a `TargetError`. */
export async function allowedTargets(
  { url, port, ownedHosts }: TargetOptions,
  { resolve, ownAddresses }: TargetDependencies,
): Promise<readonly LoadTarget[]> {
  const host = bareHost(url.hostname)
  const addresses = (isIP(host) === 0 ? await resolved(host, resolve) : [host]).map(unmapped)
  const isOwned = ownedHosts.some((ownedHost) => isHostOf(url, ownedHost))
  const own = isOwned ? [] : ownAddresses().map(canonical)
  for (const address of isOwned ? [] : addresses) {
    if (isLoopback(address) || own.includes(canonical(address))) continue
    const what = isIP(host) === 0 ? `${host} (${address})` : host
    throw new TargetError(
      `${what} is not on this machine. Load only a tracker that is yours; then add --i-own-this-tracker ${host}.`,
    )
  }
  return addresses
    .map((address) => ({ address, port, family: isIPv6Text(address) ? Family.IPv6 : Family.IPv4 }))
    .toSorted((one, other) => one.family - other.family)
}

/** Whether it is the host of this URL, with brackets or without. */
export function isHostOf({ hostname }: URL, host: string): boolean {
  return bareHost(host).toLowerCase() === bareHost(hostname).toLowerCase()
}

/** Of a URL, brackets and all. */
function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

async function resolved(host: string, resolve: TargetDependencies['resolve']): Promise<readonly string[]> {
  try {
    return await resolve(host)
  } catch (error) {
    throw new TargetError(`${host} cannot be resolved: ${errorMessage(error)}`, { cause: error })
  }
}

function isLinkLocal(entry: NetworkInterfaceInfo): boolean {
  return entry.family === 'IPv6' && entry.scopeid !== 0
}

/** An IPv4-mapped address is the IPv4 address: the kernel sends there. No other address that has one inside is. */
function unmapped(address: string): string {
  if (!isIPv6Text(address) || !readSocketAddress(address, BYTES, 0)) return address
  return IPV4_MAPPED.every((byte, at) => BYTES[at] === byte) ? BYTES.subarray(12).join('.') : address
}

/** Its bytes and its zone, so that different spellings are the same. */
function canonical(address: string): string {
  const [, zone = ''] = address.split('%', 2)
  if (!readSocketAddress(address, BYTES, 0)) return ''
  return `${BYTES.subarray(0, isIPv6Text(address) ? 16 : 4).join('.')}%${zone}`
}

function isLoopback(address: string): boolean {
  const bytes = canonical(address)
  return (bytes.startsWith('127.') && !isIPv6Text(address)) || bytes === canonical('::1')
}
