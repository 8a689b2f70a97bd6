// [[udp_trackers]]: one UDP listener.

import { boolean, duration, externalIp, publicUrl } from '../schema-types.ts'
import { bindAddressOption, listenerStatisticsOption } from './listener.ts'
import { derivedOption, option, optionWithoutDefault } from './option.ts'

export const udpTrackerOptions = {
  bind_address: bindAddressOption('0.0.0.0', 6969, '`[::]:6969` for IPv6; port 0 picks a free port'),
  public_url: optionWithoutDefault({
    schema: publicUrl('udp'),
    meaning: 'URL that clients know it by: shown in the log and by `muster health`, never listened on',
    isTorrusts: true,
  }),
  tracker_usage_statistics: listenerStatisticsOption,
  cookie_lifetime: derivedOption({
    schema: duration,
    unit: 'Seconds',
    defaultInWords: '`connection_id_max_age`',
    meaning: 'how long this listener accepts a connection id; brought into the range of 120 to 7200 with a warning',
    isTorrusts: true,
  }),
}

export const udpNetworkOptions = {
  external_ip: optionWithoutDefault({
    schema: externalIp,
    meaning: 'clients with a loopback address are listed with this one, if it is of the same family, see below',
    isTorrusts: true,
  }),
  ipv6_v6only: option({
    schema: boolean,
    member: 'ipv6Only',
    default: false,
    meaning: '`false` on `[::]`: IPv4 is served on the same port as well, see below',
    isTorrusts: true,
  }),
}
