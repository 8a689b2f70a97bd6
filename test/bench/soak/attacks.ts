// The attacks of the soak: what each one sends, from whom. All run with the lowest priority on the core of the clients.

import { ATTACKER, ATTACKING_IPV6, ATTACKING_IPV6_SITE, ATTACKING_NETWORK, PORTS, TRACKER } from './addresses.ts'

type Words = readonly string[]

export interface Attack {
  readonly name: string
  readonly what: string
  /** Programs with their arguments; `seconds`: how long, `infoHash`: the torrent of the seeders. */
  commands(seconds: number, infoHash: string): readonly Words[]
}

/** More than a listener grants to a /56: a quarter of 10,000. */
const OPEN_CONNECTIONS = 4000
const CONNECTIONS_PER_SECOND = 2000
const FRESH_AT_ONCE = 100
const AS_FAST_AS_POSSIBLE = 100_000

function overUdp(kind: string, network: string): Attack['commands'] {
  return (seconds, infoHash) => [
    ['udp-flood', kind, TRACKER.ipv4, String(PORTS.udp), String(seconds), network, infoHash],
  ]
}

function overTcp(
  kind: string,
  network: string,
  addresses: number,
  open: number,
  perSecond: number,
): Attack['commands'] {
  const host = network.includes(':') ? TRACKER.ipv6 : TRACKER.ipv4
  const amounts = [addresses, open, perSecond].map(String)
  return (seconds) => [['tcp-flood', kind, host, String(PORTS.http), String(seconds), network, ...amounts]]
}

const SLOWLY = [OPEN_CONNECTIONS, CONNECTIONS_PER_SECOND] as const
const FAST = [FRESH_AT_ONCE, AS_FAST_AS_POSSIBLE] as const

const SINGLE: readonly Attack[] = [
  {
    name: 'swarm-one',
    what: 'one address announces random ports to one torrent',
    commands: overUdp('swarm', ATTACKER),
  },
  { name: 'swarm-net', what: 'a /16 does the same', commands: overUdp('swarm', ATTACKING_NETWORK) },
  {
    name: 'torrents-one',
    what: 'one address announces random torrents of two peers',
    commands: overUdp('torrents', ATTACKER),
  },
  { name: 'torrents-net', what: 'a /16 does the same', commands: overUdp('torrents', ATTACKING_NETWORK) },
  { name: 'connects-one', what: 'connects in the name of one address', commands: overUdp('connects', ATTACKER) },
  { name: 'connects-net', what: 'connects in the name of a /16', commands: overUdp('connects', ATTACKING_NETWORK) },
  { name: 'garbage-one', what: 'garbage in the name of one address', commands: overUdp('garbage', ATTACKER) },
  { name: 'garbage-net', what: 'garbage in the name of a /16', commands: overUdp('garbage', ATTACKING_NETWORK) },
  {
    name: 'forged-one',
    what: 'announces with forged ids in the name of one address',
    commands: overUdp('forged', ATTACKER),
  },
  { name: 'forged-net', what: 'the same in the name of a /16', commands: overUdp('forged', ATTACKING_NETWORK) },
  {
    name: 'half-open-v6',
    what: `${OPEN_CONNECTIONS} silent connections from an IPv6 /57`,
    commands: overTcp('half-open', ATTACKING_IPV6, 1e6, ...SLOWLY),
  },
  {
    name: 'half-open-site',
    what: 'the same from an IPv6 /48',
    commands: overTcp('half-open', ATTACKING_IPV6_SITE, 1e6, ...SLOWLY),
  },
  {
    name: 'half-open-v4',
    what: `${OPEN_CONNECTIONS} silent connections from 100 IPv4 addresses`,
    commands: overTcp('half-open', ATTACKING_NETWORK, 100, ...SLOWLY),
  },
  {
    name: 'slow-one',
    what: 'HTTP heads of one byte a second from one address',
    commands: overTcp('slow', ATTACKER, 1, ...SLOWLY),
  },
  {
    name: 'slow-net',
    what: 'the same from 100 addresses of a /16',
    commands: overTcp('slow', ATTACKING_NETWORK, 100, ...SLOWLY),
  },
  {
    name: 'fresh-one',
    what: 'announces on fresh connections from one address',
    commands: overTcp('fresh', ATTACKER, 1, ...FAST),
  },
  { name: 'fresh-net', what: 'the same from a /16', commands: overTcp('fresh', ATTACKING_NETWORK, 65_536, ...FAST) },
]

export const ATTACKS: readonly Attack[] = [
  ...SINGLE,
  {
    name: 'everything',
    what: 'all of the above at once',
    commands: (seconds, infoHash) => SINGLE.flatMap((attack) => attack.commands(seconds, infoHash)),
  },
]

/** The attacks of these names, or of these kinds: `swarm` is both `swarm-one` and `swarm-net`. */
export function attacksNamed(names: readonly string[]): readonly Attack[] {
  return ATTACKS.filter(({ name }) => names.some((given) => name === given || name.startsWith(`${given}-`)))
}
