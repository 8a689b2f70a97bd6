// Reads the mixes of requests: a name, or weights.

import { HOSTILE_KINDS, type HostileKind, type HostileShares, type RequestMix } from '../../load/load-plan.ts'

/**
 * `published` is that of the published comparisons of UDP trackers (aquatic's bencher), `aquatic` the default of
 * aquatic's load test, `real` what a public tracker counted in April 2025 (Torrust's demo).
 */
const NAMED_MIXES: Readonly<Record<string, RequestMix>> = {
  published: { announce: 100, connect: 0, scrape: 1 },
  aquatic: { announce: 50, connect: 50, scrape: 1 },
  real: { announce: 74, connect: 23, scrape: 3 },
}

export const MIX_FORMS = 'published, aquatic, real, or weights of announces, connects and scrapes such as 74:23:3'
export const HOSTILE_FORMS = `KIND=SHARE with a share from 0 to 1; kinds: ${HOSTILE_KINDS.join(', ')}, which is a share of \
what the first socket sends`
export const NOTHING_HOSTILE: HostileShares = {
  garbage: 0,
  'forged-ids': 0,
  connects: 0,
  'random-hashes': 0,
  'one-address': 0,
}

/** Undefined for anything else than `MIX_FORMS`. */
export function readMix(text: string): RequestMix | undefined {
  if (Object.hasOwn(NAMED_MIXES, text)) return NAMED_MIXES[text]
  if (!/^\d{1,6}:\d{1,6}:\d{1,6}$/.test(text)) return undefined
  const [announce = 0, connect = 0, scrape = 0] = text.split(':').map(Number)
  return announce + connect + scrape > 0 ? { announce, connect, scrape } : undefined
}

/** The shares so far and one more; undefined for anything else than `HOSTILE_FORMS`, or if they exceed 1. */
export function addHostile(text: string, before: HostileShares): HostileShares | undefined {
  const [kind = '', amount = '', ...rest] = text.split('=')
  const share = Number(amount)
  if (!isHostileKind(kind) || amount === '' || rest.length > 0 || !(share >= 0 && share <= 1)) return undefined
  const shares = { ...before, [kind]: share }
  const sum = HOSTILE_KINDS.reduce((all, each) => all + shares[each], 0)
  return sum <= 1 + Number.EPSILON ? shares : undefined
}

function isHostileKind(kind: string): kind is HostileKind {
  return HOSTILE_KINDS.some((each) => each === kind)
}
