// [core.tracker_policy]: how long peers and torrents are stored, and which peers are handed out.

import { writeDurationText } from '../../../adapters/protocol/duration-text.ts'
import { boolean, listOf, oneOf, type PortRange, portOrRange, secondsBetween } from '../schema-types.ts'
import { derivedOption, option } from './option.ts'

export const MAX_PEER_TIMEOUT_SECONDS = 2_147_483_647

/** Added to the longest interval, so that a delayed announce does not cost a peer its place. */
export const GRACE_SECONDS = 600

/** Databases, remote desktops, chats and caches. */
const SERVICE_PORTS = [1433, 1521, 2049, 3306, 3389, 5060, 5432, 5900, 6379, 6667, 9200, 11211, 27017]

/** Never handed out as peers (protocol rule SEC-15): ports of services, and privileged ports except HTTP's. */
const DENIED_PORTS: readonly PortRange[] = [
  { first: 2, last: 79 },
  { first: 81, last: 442 },
  { first: 444, last: 1023 },
  ...SERVICE_PORTS.map((port) => ({ first: port, last: port })),
]

function writePorts({ first, last }: PortRange): number | string {
  return first === last ? first : `${first}-${last}`
}

export const trackerPolicyOptions = {
  max_peer_timeout: derivedOption({
    schema: secondsBetween(1, MAX_PEER_TIMEOUT_SECONDS),
    unit: 'Seconds',
    defaultInWords: `longest interval + ${writeDurationText(GRACE_SECONDS)}: \`"46m"\``,
    meaning: 'a peer that has not announced for this long expires (Torrust: 900)',
    isTorrusts: true,
  }),
  remove_peerless_torrents: option({
    schema: boolean,
    default: true,
    meaning: 'remove a torrent with its last peer, unless its download count is kept',
    isTorrusts: true,
  }),
  persistent_torrent_completed_stat: option({
    schema: boolean,
    member: 'keepCompletedCounts',
    default: false,
    meaning: 'download counts survive a restart; needs a database',
    isTorrusts: true,
  }),
  completed_write_interval: option({
    schema: secondsBetween(1, 3600),
    unit: 'Seconds',
    default: 5,
    meaning: 'maximum delay of writing counts to the database',
  }),
  allow_private_peers: option({
    schema: oneOf('scope', 'all', 'none'),
    default: 'scope',
    meaning:
      'peers with private addresses are handed to peers with private addresses (`scope`), to all peers, or to none',
  }),
  denied_ports: option({
    schema: listOf(portOrRange),
    default: DENIED_PORTS,
    defaultInWords: `\`2-1023\` without 80 and 443; ${SERVICE_PORTS.join(', ')}`,
    meaning: 'peers on these ports are accepted and never handed out, so that a swarm cannot be pointed at a service',
    print: (ranges) => ranges.map(writePorts),
  }),
}
