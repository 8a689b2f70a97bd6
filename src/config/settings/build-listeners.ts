// The tracker's listeners, and problems with their addresses, certificates and proxies.

import { isIPv4 } from 'node:net'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import { type BindAddress, writeBindAddress } from './bind-address.ts'
import type { SettingsDocument } from './document-schema.ts'
import { buildExternalIp } from './external-ip.ts'
import { maskNetworks } from './host-bits.ts'
import { httpNetworkOptions, httpProxiesOptions, httpTrackerOptions, NEARBY_PROXIES } from './options/http-tracker.ts'
import { tlsOptions } from './options/listener.ts'
import { membersOf } from './options/members.ts'
import { CONNECTION_ID_AGE } from './options/udp-server.ts'
import { udpNetworkOptions, udpTrackerOptions } from './options/udp-tracker.ts'
import type { DocumentIssues } from './problems.ts'
import { warnAboutPublicUrl } from './public-url.ts'
import type { HttpListenerSettings, SocketFileSettings, TlsSettings, UdpListenerSettings } from './settings.ts'
import type { Path } from './tree.ts'

type UdpTable = NonNullable<SettingsDocument['udp_trackers']>[number]
type HttpTable = NonNullable<SettingsDocument['http_trackers']>[number]
type TlsTable = NonNullable<HttpTable['tls_config']>

type ListenerAddress = Pick<UdpListenerSettings | HttpListenerSettings, 'host' | 'port' | 'ipv6Only'>

function onBothFamilies({ host, ipv6Only }: ListenerAddress): boolean {
  return host === '::' && !ipv6Only
}

/** Two listeners cannot share an address; port 0 is a new port each time. */
function checkAddresses(name: string, listeners: readonly ListenerAddress[], issues: DocumentIssues): void {
  const seen = new Set<string>()
  for (const [index, listener] of listeners.entries()) {
    const address = writeBindAddress(listener)
    const isChosen = listener.port === 0 && socketPathOf(listener.host) === undefined
    if (!isChosen && seen.has(address)) {
      issues.problem([name, index, 'bind_address'], `"${address}" is already used by another of the ${name}`)
    }
    seen.add(address)
  }
}

export function buildTls(table: TlsTable | undefined, at: Path, issues: DocumentIssues): TlsSettings | undefined {
  if (table === undefined) return undefined
  for (const option of ['ssl_cert_path', 'ssl_key_path'] as const) {
    if (table[option] === '') issues.problem([...at, option], 'must be the path of a PEM file; got ""')
  }
  return membersOf(tlsOptions, table)
}

/**
 * UDP sockets on `::` are IPv6-only. If IPv4 is wanted there too, a second listener is added, unless one has that port
 * already.
 */
function addIPv4(listeners: readonly UdpListenerSettings[], issues: DocumentIssues): UdpListenerSettings[] {
  return listeners.flatMap((listener, index) => {
    const { port } = listener
    if (!onBothFamilies(listener) || listeners.some((other) => isIPv4(other.host) && other.port === port))
      return listener
    const isAdded = port !== 0
    issues.warning(
      ['udp_trackers', index, 'network', 'ipv6_v6only'],
      isAdded
        ? `"[::]:${port}" also covers IPv4: a listener on 0.0.0.0:${port} is added; set it to true for IPv6 only`
        : '"[::]:0" accepts IPv6 only, because no other socket can be given its port; for IPv4 add a listener on 0.0.0.0',
    )
    return isAdded ? [listener, { ...listener, host: '0.0.0.0' }] : listener
  })
}

/** Torrust accepts any lifetime: one out of range does not stop the tracker. */
function fitLifetime(asked: number, at: Path, issues: DocumentIssues): number {
  const { least, most } = CONNECTION_ID_AGE
  const lifetime = Math.min(most, Math.max(least, asked))
  if (lifetime !== asked)
    issues.warning(
      [...at, 'cookie_lifetime'],
      `${asked} s was requested; connection ids are valid for ${lifetime} s (allowed: ${least} to ${most})`,
    )
  return lifetime
}

function buildUdpListener(table: UdpTable, maxAgeSeconds: number, at: Path, issues: DocumentIssues) {
  const { bindAddress, cookieLifetimeSeconds, ...members } = membersOf(udpTrackerOptions, table)
  warnAboutPublicUrl(members.publicUrl, at, issues)
  const network = membersOf(udpNetworkOptions, table.network)
  return {
    ...bindAddress,
    ...members,
    cookieLifetimeSeconds: fitLifetime(cookieLifetimeSeconds ?? maxAgeSeconds, at, issues),
    ...network,
    externalIp: buildExternalIp(network.externalIp, [...at, 'network'], issues),
  }
}

/** `maxAgeSeconds`: how long connection ids are valid on listeners without a lifetime of their own. */
export function buildUdpListeners(
  tables: readonly UdpTable[],
  maxAgeSeconds: number,
  issues: DocumentIssues,
): UdpListenerSettings[] {
  const listeners = tables.map((table, index) =>
    buildUdpListener(table, maxAgeSeconds, ['udp_trackers', index], issues),
  )
  checkAddresses('udp_trackers', listeners, issues)
  return addIPv4(listeners, issues)
}

/** A TCP socket on `::` does accept IPv4, and occupies the IPv4 port. */
function warnOfClashes(listeners: readonly HttpListenerSettings[], issues: DocumentIssues): void {
  for (const [index, listener] of listeners.entries()) {
    const { port } = listener
    if (onBothFamilies(listener) && listeners.some((other) => other.host === '0.0.0.0' && other.port === port)) {
      issues.warning(
        ['http_trackers', index, 'network', 'ipv6_v6only'],
        `"${writeBindAddress(listener)}" also accepts IPv4 and may clash with 0.0.0.0:${port}; set it to true for IPv6 only`,
      )
    }
  }
}

/**
 * Torrust trusts any sender; here only listed proxies are trusted, or private networks if there is no list. On a Unix
 * domain socket, what connects is trusted anyway.
 */
function buildProxies(
  network: HttpTable['network'],
  isUnixSocket: boolean,
  at: Path,
  issues: DocumentIssues,
): readonly string[] {
  const { onReverseProxy, proxyProtocol } = membersOf(httpNetworkOptions, network)
  const { trustedProxies: trusted } = membersOf(httpProxiesOptions, network)
  if (proxyProtocol && !isUnixSocket && (trusted === undefined || trusted.length === 0)) {
    issues.problem([...at, 'proxy_protocol'], 'needs trusted_proxies: the addresses that may send a PROXY header')
  } else if (onReverseProxy && trusted === undefined) {
    issues.warning(
      [...at, 'on_reverse_proxy'],
      `X-Forwarded-For is trusted from this machine and private networks only (${NEARBY_PROXIES.join(', ')}); list your proxies in network.trusted_proxies`,
    )
    return NEARBY_PROXIES
  }
  if (onReverseProxy && trusted?.length === 0 && !isUnixSocket) {
    issues.problem([...at, 'trusted_proxies'], 'is empty: on_reverse_proxy needs a trusted proxy')
  }
  const isUsed = onReverseProxy || proxyProtocol
  if (!isUsed && trusted !== undefined && trusted.length > 0) {
    issues.warning([...at, 'trusted_proxies'], 'has no effect unless on_reverse_proxy is true')
  }
  return isUsed ? maskNetworks(trusted ?? [], [...at, 'trusted_proxies'], issues) : []
}

/** Nothing but clients of this machine can connect, so TLS would have no use, and IP options have no meaning. */
export function checkSocketFile(
  { host }: BindAddress,
  { tls, file }: { readonly tls: TlsSettings | undefined; readonly file: SocketFileSettings },
  at: Path,
  issues: DocumentIssues,
): void {
  const isUnixSocket = socketPathOf(host) !== undefined
  if (isUnixSocket && tls !== undefined) {
    issues.problem([...at, 'tls_config'], 'cannot be used with a Unix domain socket: TLS ends at the proxy')
  }
  if (isUnixSocket) return
  if (file.socketMode !== undefined) issues.warning([...at, 'socket_mode'], NOT_A_SOCKET)
  if (file.socketGroup !== undefined) issues.warning([...at, 'socket_group'], NOT_A_SOCKET)
}

const NOT_A_SOCKET = 'has no effect unless bind_address is a Unix domain socket'

function buildHttpListener(table: HttpTable, at: Path, issues: DocumentIssues): HttpListenerSettings {
  const { bindAddress, ...members } = membersOf(httpTrackerOptions, table)
  warnAboutPublicUrl(members.publicUrl, at, issues)
  const network = membersOf(httpNetworkOptions, table.network)
  const tls = buildTls(table.tls_config, [...at, 'tls_config'], issues)
  checkSocketFile(bindAddress, { tls, file: members }, at, issues)
  const isUnixSocket = socketPathOf(bindAddress.host) !== undefined
  return {
    ...bindAddress,
    ...members,
    ...network,
    externalIp: buildExternalIp(network.externalIp, [...at, 'network'], issues),
    tls,
    trustedProxies: buildProxies(table.network, isUnixSocket, [...at, 'network'], issues),
  }
}

export function buildHttpListeners(tables: readonly HttpTable[], findings: DocumentIssues): HttpListenerSettings[] {
  const listeners = tables.map((table, index) => buildHttpListener(table, ['http_trackers', index], findings))
  checkAddresses('http_trackers', listeners, findings)
  warnOfClashes(listeners, findings)
  return listeners
}
