// Who has which addresses in the soak: all of them global ones, so that limits by address apply. Both namespaces know
// only these networks, and nothing leaves them.

export const TRACKER = { ipv4: '59.0.0.1', ipv6: '2a10::1' } as const
export const WORLD = { ipv4: '59.0.0.2', ipv6: '2a10::2' } as const
/** Every address in them belongs to the world. */
export const WORLD_NETWORKS = { ipv4: ['60.0.0.0/6', '64.0.0.0/3'], ipv6: '2a00::/16' } as const

export const PORTS = { udp: 6969, http: 7070, api: 1212, floor: 6970 } as const

/** Clients that hold a connection id, those that connect first, and those over HTTP. */
export const HOLDERS = '60.0.0.0/8'
export const NEWCOMERS = '61.0.0.0/8'
export const HTTP_CLIENTS = '62.0.0.0/8'

export const ATTACKER = '63.1.1.1'
export const ATTACKING_NETWORK = '63.2.0.0/16'
export const ATTACKING_IPV6 = '2a00:bad::/57'
export const ATTACKING_IPV6_SITE = '2a00:bad:1::/48'

/** The address of seeder `n`, each in a /16 of its own. */
export function seederAddress(n: number): string {
  return `${64 + (n % 32)}.${n}.1.1`
}

/** The address of newcomer `n` of phase `phase`, each in a /24 of its own; the phases have different ones. */
export function newcomerAddress(phase: number, n: number): string {
  return `${64 + (n % 32)}.${100 + phase}.${n}.7`
}
