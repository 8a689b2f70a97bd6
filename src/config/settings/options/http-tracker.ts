// [[http_trackers]]: one HTTP listener.

import { boolean, externalIp, listOf, network } from '../schema-types.ts'
import { listenAddressOption, listenerStatisticsOption, socketFileOptions, webUrlOption } from './listener.ts'
import { derivedOption, option, optionWithoutDefault } from './option.ts'

export const httpTrackerOptions = {
  bind_address: listenAddressOption(
    '0.0.0.0',
    7070,
    '`[::]:7070` for IPv6, `unix:/run/muster/http.sock` for a Unix domain socket; port 0 picks a free port',
  ),
  ...socketFileOptions,
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
  proxy_protocol: option({
    schema: boolean,
    default: false,
    meaning:
      'every connection begins with a PROXY header, version 1 or 2, that names the client; all but `trusted_proxies` are refused',
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

/** Of the same table; has no effect without `on_reverse_proxy` and `proxy_protocol`. */
export const httpProxiesOptions = {
  trusted_proxies: derivedOption({
    schema: listOf(network),
    defaultInWords: 'see below',
    meaning: 'proxies whose X-Forwarded-For or PROXY header is trusted',
  }),
}
