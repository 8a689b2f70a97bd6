import type { Bans } from '../../src/domain/ports/inbound/bans.ts'

/** Bans no address. */
export const NO_BANS: Bans = { isBanned: () => false }
