// Samples of one listener, with Torrust's labels for it and for its clients.

import type { Labels, MetricSample } from '../../exposition.ts'
import type { ShownListener } from './figures.ts'

/** Counts of IPv4 and of IPv6 clients. */
export type ByFamily = readonly [ipv4: number, ipv6: number]

/** The labels that a metric has besides those of the connection. */
export interface OwnLabels {
  readonly request_kind?: 'announce' | 'connect' | 'scrape'
  readonly result?: 'error' | 'ok'
}

const FAMILIES = ['inet', 'inet6'] as const
type FamilyName = (typeof FAMILIES)[number]

/** Where an IPv4 address is part of an IPv6 one. */
const MAPPED = '::ffff:'

function familyOf({ address }: ShownListener): FamilyName {
  return address.includes(':') ? 'inet6' : 'inet'
}

/**
 * In alphabetical order. A client is named by the address that it is counted under, which is never a mapped one.
 */
function labelsOf(listener: ShownListener, client: FamilyName, own: OwnLabels): Labels {
  return {
    client_address_ip_family: client,
    client_address_ip_type: 'plain',
    ...(listener.publicUrl !== undefined && { public_url: listener.publicUrl }),
    ...(own.request_kind && { request_kind: own.request_kind }),
    ...(own.result && { result: own.result }),
    server_binding_address_ip_family: familyOf(listener),
    server_binding_address_ip_type: listener.address.startsWith(MAPPED) ? 'v4_mapped_v6' : 'plain',
    server_binding_ip: listener.address,
    server_binding_port: `${listener.port}`,
    server_binding_protocol: listener.protocol,
  }
}

/**
 * A sample for each family of clients. A UDP socket serves the family of its address; clients of HTTP can have either,
 * because TCP sockets and proxies can serve both.
 */
export function samplesOf(listener: ShownListener, counts: ByFamily, own: OwnLabels = {}): readonly MetricSample[] {
  const isExpected = (client: FamilyName): boolean => listener.protocol !== 'udp' || client === familyOf(listener)
  return FAMILIES.map((client, place) => ({ client, value: counts[place] }))
    .filter(({ client, value }) => value !== 0 || isExpected(client))
    .map(({ client, value }) => ({ value, labels: labelsOf(listener, client, own) }))
}

/** One sample, for figures that are not kept by the client's family. */
export function sampleOf(listener: ShownListener, value: number, own: OwnLabels = {}): MetricSample {
  return { value, labels: labelsOf(listener, familyOf(listener), own) }
}
