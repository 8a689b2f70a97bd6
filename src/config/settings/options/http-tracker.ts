// [[http_trackers]]: one HTTP listener.

import { boolean, externalIp, listOf, network } from '../schema-types.ts'
import { bindAddressOption, listenerStatisticsOption, webUrlOption } from './listener.ts'
import { derivedOption, option, optionWithoutDefault } from './option.ts'

export const httpTrackerOptions = {
  bind_address: bindAddressOption('0.0.0.0', 7070, '`[::]:7070` for IPv6; port 0 picks a free port'),
  public_url: webUrlOption,
  tracker_usage_statistics: listenerStatisticsOption,
  use_ip_from_query_string: option({
    schema: boolean,
    default: false,
    meaning: 'list clients from private addresses with the address that they name (`ip`), see below',
    isTorrusts: true,
  }),
}

export const httpNetworkOptions = {
  external_ip: optionWithoutDefault({ schema: externalIp, meaning: 'as for UDP', isTorrusts: true }),
  ipv6_v6only: option({
    schema: boolean,
    member: 'ipv6Only',
    default: false,
    meaning: 'a socket on `[::]` accepts no IPv4; needed next to a listener on `0.0.0.0` with the same port',
    isTorrusts: true,
  }),
  on_reverse_proxy: option({
    schema: boolean,
    default: false,
    meaning: "take clients' addresses from X-Forwarded-For",
    isTorrusts: true,
  }),
}

/** Trusted if the document sets `on_reverse_proxy` only: this machine and private networks. */
export const NEARBY_PROXIES: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]

/** Of the same table; has no effect unless `on_reverse_proxy` is true. */
export const httpProxiesOptions = {
  trusted_proxies: derivedOption({
    schema: listOf(network),
    defaultInWords: 'see below',
    meaning: 'proxies whose X-Forwarded-For is trusted',
  }),
}
