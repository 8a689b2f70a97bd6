// Builds the options of one HTTP listener from the settings.

import type { HttpListenerOptions, PlainDriver } from '../../adapters/inbound/http/http-server.ts'
import { IpParameter } from '../../adapters/protocol/http/ip-parameter.ts'
import type { ConnectionSteering } from '../../domain/ports/outbound/connection-steering.ts'
import { addressRanges } from '../settings/build-network.ts'
import { externalAddress } from '../settings/external-ip.ts'
import type { Settings } from '../settings/settings.ts'
import { isPlainListener } from './plain-listeners.ts'
import { socketFileOf } from './socket-files.ts'
import type { Address } from './thread-options.ts'

/** What all listeners of a thread share. */
export interface ListeningParts {
  readonly sharesPorts: boolean
  readonly steering?: ConnectionSteering | undefined
  readonly plainDriver?: PlainDriver | undefined
  readonly ticketKeys?: Uint8Array | undefined
}

/** Options of the HTTP listener number `index` of the settings, at `address`. */
export function httpListenerOptions(
  settings: Settings,
  index: number,
  address: Address,
  { sharesPorts, steering, plainDriver, ticketKeys }: ListeningParts,
): HttpListenerOptions {
  const { announce, http, limits, network } = settings
  const listener = settings.httpListeners[index]
  const socketFile = socketFileOf(address.address, listener)
  return {
    host: address.address,
    port: address.port,
    ipv6Only: listener.ipv6Only,
    reusePort: sharesPorts,
    steering,
    socketFile,
    plainDriver: isPlainListener(listener) ? plainDriver : undefined,
    ticketKeys,
    tls: listener.tls && { certificatePath: listener.tls.certPath, keyPath: listener.tls.keyPath },
    trustedProxies: listener.trustedProxies,
    // On a Unix domain socket without PROXY headers, nothing else could name the clients.
    ignoresForwarded: listener.proxyProtocol && !listener.onReverseProxy,
    proxyProtocol: listener.proxyProtocol,
    externalAddress: externalAddress(listener.externalIp),
    ipParameter: listener.useIpFromQueryString ? new IpParameter(addressRanges(network)) : undefined,
    replies: {
      intervalSeconds: announce.intervalSeconds,
      jitterSeconds: Math.floor(announce.intervalSeconds * announce.jitter),
      minIntervalSeconds: announce.minIntervalSeconds,
      defaultPeersPerAnnounce: announce.defaultPeersPerAnnounce,
      maxPeersPerAnnounce: announce.maxPeersPerAnnounce,
      sendsExternalAddress: announce.externalIpInReply,
      sendsDownloaders: announce.downloadersInScrape,
    },
    limits: {
      maxHeaderBytes: http.maxHeaderSizeBytes,
      headersTimeoutMs: http.headersTimeoutSeconds * 1000,
      requestTimeoutMs: http.requestTimeoutSeconds * 1000,
      checkingIntervalMs: http.connectionCheckIntervalSeconds * 1000,
      keepAliveTimeoutMs: http.keepAliveTimeoutSeconds * 1000,
      idleTimeoutMs: http.writeTimeoutSeconds * 1000,
      maxRequestsPerConnection: http.maxRequestsPerConnection,
      maxConnections: http.maxConnections,
      maxConnectionsPerAddress: http.maxConnectionsPerAddress,
      appliesToPrivate: limits.appliesToPrivate,
    },
  }
}
