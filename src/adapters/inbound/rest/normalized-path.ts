// Accepts only normalized paths. The framework would resolve dot segments before routing, so routes could be reached by
// names for which a proxy in front has no rules.

/** Scheme and host: a client may send an absolute URL. */
const AUTHORITY = /^https?:\/\/[^/?#]*/i
/** Dot segments, `%2e` included; empty segments; backslashes. */
const NOT_NORMALIZED = /\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|\\/i

export function hasNormalizedPath(target: string): boolean {
  const path = target.replace(AUTHORITY, '').split(/[?#]/, 1)[0] ?? ''
  return path.startsWith('/') && !NOT_NORMALIZED.test(path)
}
