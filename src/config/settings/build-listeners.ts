// Where the tracker listens.

import { isIPv4 } from 'node:net'
import { writeBindAddress } from './bind-address.ts'
import type { SettingsDocument } from './document-schema.ts'
import { httpNetworkOptions, httpProxiesOptions, httpTrackerOptions, NEARBY_PROXIES } from './options/http-tracker.ts'
import { tlsOptions } from './options/listener.ts'
import { membersOf } from './options/members.ts'
import { udpNetworkOptions, udpTrackerOptions } from './options/udp-tracker.ts'
import type { Findings } from './problems.ts'
import type { HttpListenerSettings, TlsSettings, UdpListenerSettings } from './settings.ts'
import type { Path } from './tree.ts'

export type UdpTable = NonNullable<SettingsDocument['udp_trackers']>[number]
type HttpTable = NonNullable<SettingsDocument['http_trackers']>[number]
type TlsTable = NonNullable<HttpTable['tls_config']>

const onBothFamilies = ({ host, ipv6Only }: UdpListenerSettings): boolean => host === '::' && !ipv6Only

/** Two listeners cannot share an address; port 0 is a new one each time. */
const checkAddresses = (name: string, listeners: readonly UdpListenerSettings[], findings: Findings): void => {
  const seen = new Set<string>()
  for (const [index, listener] of listeners.entries()) {
    const address = writeBindAddress(listener)
    if (listener.port !== 0 && seen.has(address)) {
      findings.problem([name, index, 'bind_address'], `"${address}" is taken by another of the ${name}`)
    }
    seen.add(address)
  }
}

export const buildTls = (table: TlsTable | undefined, at: Path, findings: Findings): TlsSettings | undefined => {
  if (table === undefined) return undefined
  for (const option of ['ssl_cert_path', 'ssl_key_path'] as const) {
    if (table[option] === '') findings.problem([...at, option], 'must be the path of a PEM file; got ""')
  }
  return membersOf(tlsOptions, table)
}

/**
 * UDP sockets on `::` are for IPv6 only. Who wants IPv4 there too gets a second listener, unless one has that port
 * already.
 */
const addIPv4 = (listeners: readonly UdpListenerSettings[], findings: Findings): UdpListenerSettings[] =>
  listeners.flatMap((listener, index) => {
    const { port } = listener
    if (!onBothFamilies(listener) || listeners.some((other) => isIPv4(other.host) && other.port === port))
      return listener
    const isAdded = port !== 0
    findings.warning(
      ['udp_trackers', index, 'network', 'ipv6_v6only'],
      isAdded
        ? `"[::]:${port}" is to take IPv4 too: a listener on 0.0.0.0:${port} is added; true keeps it to IPv6`
        : '"[::]:0" takes IPv6 only, because no other socket can be given its port; for IPv4 add a listener on 0.0.0.0',
    )
    return isAdded ? [listener, { ...listener, host: '0.0.0.0' }] : listener
  })

const buildUdpListener = (table: UdpTable): UdpListenerSettings => {
  const { bindAddress, ...members } = membersOf(udpTrackerOptions, table)
  return { ...bindAddress, ...members, ...membersOf(udpNetworkOptions, table.network) }
}

export const buildUdpListeners = (tables: readonly UdpTable[], findings: Findings): UdpListenerSettings[] => {
  const listeners = tables.map(buildUdpListener)
  checkAddresses('udp_trackers', listeners, findings)
  return addIPv4(listeners, findings)
}

/** A TCP socket on `::` does take IPv4, and the port with it. */
const warnOfClashes = (listeners: readonly HttpListenerSettings[], findings: Findings): void => {
  for (const [index, listener] of listeners.entries()) {
    const { port } = listener
    if (onBothFamilies(listener) && listeners.some((other) => other.host === '0.0.0.0' && other.port === port)) {
      findings.warning(
        ['http_trackers', index, 'network', 'ipv6_v6only'],
        `"${writeBindAddress(listener)}" takes IPv4 too and may clash with 0.0.0.0:${port}; true keeps it to IPv6`,
      )
    }
  }
}

/** Torrust believes any sender; here a list says who may speak for a client, and without one it is nearby networks. */
const buildProxies = (network: HttpTable['network'], at: Path, findings: Findings): readonly string[] => {
  const { onReverseProxy } = membersOf(httpNetworkOptions, network)
  const { trustedProxies: trusted } = membersOf(httpProxiesOptions, network)
  if (onReverseProxy && trusted === undefined) {
    findings.warning(
      [...at, 'on_reverse_proxy'],
      `X-Forwarded-For is believed from this machine and private networks only (${NEARBY_PROXIES.join(', ')}); name your proxies in network.trusted_proxies`,
    )
    return NEARBY_PROXIES
  }
  if (onReverseProxy && trusted?.length === 0) {
    findings.problem([...at, 'trusted_proxies'], 'is empty, so that on_reverse_proxy could believe nobody')
  }
  if (!onReverseProxy && trusted !== undefined && trusted.length > 0) {
    findings.warning([...at, 'trusted_proxies'], 'does nothing unless on_reverse_proxy is true')
  }
  return onReverseProxy ? (trusted ?? []) : []
}

const buildHttpListener = (table: HttpTable, at: Path, findings: Findings): HttpListenerSettings => {
  const { bindAddress, ...members } = membersOf(httpTrackerOptions, table)
  return {
    ...bindAddress,
    ...members,
    ...membersOf(httpNetworkOptions, table.network),
    tls: buildTls(table.tls_config, [...at, 'tls_config'], findings),
    trustedProxies: buildProxies(table.network, [...at, 'network'], findings),
  }
}

export const buildHttpListeners = (tables: readonly HttpTable[], findings: Findings): HttpListenerSettings[] => {
  const listeners = tables.map((table, index) => buildHttpListener(table, ['http_trackers', index], findings))
  checkAddresses('http_trackers', listeners, findings)
  warnOfClashes(listeners, findings)
  return listeners
}
