// The package's export `muster/client`: what other programs may use, and what semantic versioning is about.

export { MAX_SCRAPE_HASHES } from '../protocol/udp/layout.ts'
export type { AnnounceCall, EventName, InfoHashLike } from './announce-call.ts'
export { CallError } from './call-error.ts'
export { ClientError } from './client-error.ts'
export type { Decoding } from './decoding.ts'
export { type OpenTrackerOptions, openTracker, openTrackerAt, type TrackerOptions } from './open-tracker.ts'
export { type Probed, type ProbeOptions, probeMany } from './probe-many.ts'
export { type HostAddress, type IpFamily, type ResolveOptions, resolveHost } from './resolve-host.ts'
export { RestClient, type RestClientOptions } from './rest-client.ts'
export type {
  AnnounceResult,
  CallOptions,
  ScrapeEntry,
  ScrapeResult,
  TrackerClient,
  TrackerEndpoint,
  TrackerPeer,
} from './tracker-client.ts'
export { TrackerError, type TrackerStage } from './tracker-error.ts'
export { readTrackerUrl, type TrackerScheme, type TrackerUrl } from './tracker-url.ts'
export type { UdpAnnounceResult } from './udp-calls.ts'
export type { UdpEndpoint } from './udp-exchange.ts'
export { bep15Waits, type UdpClientOptions, UdpTrackerClient } from './udp-tracker-client.ts'
