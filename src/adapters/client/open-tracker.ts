// Opens the client that a URL asks for. A protocol is one entry in the table of openers.

import { type HttpClientOptions, HttpTrackerClient } from './http-tracker-client.ts'
import { type HostAddress, type ResolveOptions, resolveHost } from './resolve-host.ts'
import type { TrackerClient } from './tracker-client.ts'
import { readTrackerUrl, type TrackerScheme, type TrackerUrl } from './tracker-url.ts'
import { type UdpClientOptions, UdpTrackerClient } from './udp-tracker-client.ts'

export interface TrackerOptions extends HttpClientOptions, Omit<UdpClientOptions, 'target'> {}

export interface OpenTrackerOptions extends TrackerOptions, ResolveOptions {}

type Opener = (url: TrackerUrl, address: HostAddress, options: TrackerOptions) => Promise<TrackerClient>

const OPENERS: Readonly<Record<TrackerScheme, Opener>> = {
  udp: ({ port, target }, { address: host }, options) => UdpTrackerClient.open({ host, port }, { ...options, target }),
  http: openHttp,
  https: openHttp,
}

/** The tracker at the first address of its host. Sends nothing to it yet. */
export async function openTracker(url: string | TrackerUrl, options: OpenTrackerOptions = {}): Promise<TrackerClient> {
  const tracker = typeof url === 'string' ? readTrackerUrl(url) : url
  const [address] = await resolveHost(tracker.host, options)
  return await openTrackerAt(tracker, address, options)
}

/** The tracker at one address of `resolveHost`, for probes of each. */
export async function openTrackerAt(
  url: TrackerUrl,
  address: HostAddress,
  options: TrackerOptions = {},
): Promise<TrackerClient> {
  return await OPENERS[url.scheme](url, address, options)
}

async function openHttp(url: TrackerUrl, address: HostAddress, options: TrackerOptions): Promise<TrackerClient> {
  return new HttpTrackerClient(url, address, options)
}
