// Where the tracker listens.

import { isIPv4 } from 'node:net'
import { DEFAULTS } from './defaults.ts'
import type { SettingsDocument } from './document-schema.ts'
import type { Findings } from './problems.ts'
import type { BindSettings, HttpListenerSettings, TlsSettings, UdpListenerSettings } from './settings.ts'
import type { Path } from './tree.ts'

type UdpTable = NonNullable<SettingsDocument['udp_trackers']>[number]
type HttpTable = NonNullable<SettingsDocument['http_trackers']>[number]
type TlsTable = NonNullable<HttpTable['tls_config']>

export const writeAddress = ({ host, port }: BindSettings): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

const onBothFamilies = ({ host, ipv6Only }: UdpListenerSettings): boolean => host === '::' && !ipv6Only

/** Two listeners cannot share an address; port 0 is a new one each time. */
const checkAddresses = (name: string, listeners: readonly UdpListenerSettings[], findings: Findings): void => {
  const seen = new Set<string>()
  for (const [index, listener] of listeners.entries()) {
    const address = writeAddress(listener)
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
  return { certPath: table.ssl_cert_path, keyPath: table.ssl_key_path }
}

const buildListener = (table: UdpTable | HttpTable, port: number): UdpListenerSettings => ({
  ...(table.bind_address ?? { host: '0.0.0.0', port }),
  ipv6Only: table.network?.ipv6_v6only ?? false,
  publicUrl: table.public_url,
  externalIp: table.network?.external_ip,
  trackerUsageStatistics: table.tracker_usage_statistics ?? DEFAULTS.listenerUsageStatistics,
})

/** UDP sockets on `::` are for IPv6 only. Who wants IPv4 there too gets a second listener, unless one has that port already. */
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

export const buildUdpListeners = (tables: readonly UdpTable[], findings: Findings): UdpListenerSettings[] => {
  const listeners = tables.map((table) => buildListener(table, DEFAULTS.udpPort))
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
        `"${writeAddress(listener)}" takes IPv4 too and may clash with 0.0.0.0:${port}; true keeps it to IPv6`,
      )
    }
  }
}

/** Torrust believes whoever connects; here a list says who may speak for a client, and without one it is the neighbourhood. */
const buildProxies = (table: HttpTable, at: Path, findings: Findings): readonly string[] => {
  const { on_reverse_proxy: onReverseProxy = false, trusted_proxies: trusted } = table.network ?? {}
  if (onReverseProxy && trusted === undefined) {
    findings.warning(
      [...at, 'on_reverse_proxy'],
      `X-Forwarded-For is believed from this machine and private networks only (${DEFAULTS.trustedProxies.join(', ')}); name your proxies in network.trusted_proxies`,
    )
    return DEFAULTS.trustedProxies
  }
  if (onReverseProxy && trusted?.length === 0) {
    findings.problem([...at, 'trusted_proxies'], 'is empty, so that on_reverse_proxy could believe nobody')
  }
  if (!onReverseProxy && trusted !== undefined && trusted.length > 0) {
    findings.warning([...at, 'trusted_proxies'], 'does nothing unless on_reverse_proxy is true')
  }
  return onReverseProxy ? (trusted ?? []) : []
}

export const buildHttpListeners = (tables: readonly HttpTable[], findings: Findings): HttpListenerSettings[] => {
  const listeners = tables.map((table, index) => ({
    ...buildListener(table, DEFAULTS.httpPort),
    tls: buildTls(table.tls_config, ['http_trackers', index, 'tls_config'], findings),
    onReverseProxy: table.network?.on_reverse_proxy ?? false,
    trustedProxies: buildProxies(table, ['http_trackers', index, 'network'], findings),
    useIpFromQueryString: table.use_ip_from_query_string ?? false,
  }))
  checkAddresses('http_trackers', listeners, findings)
  warnOfClashes(listeners, findings)
  return listeners
}
