// Paths that mean what they say. The framework would tidy up dots before it looks for a route, and so give other names
// to routes than a proxy in front has rules for.

/** Scheme and host, which a client may send along with the path. */
const AUTHORITY = /^https?:\/\/[^/?#]*/i
/** Dot segments, also written with `%2e`; empty segments; backslashes. */
const ODD = /\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|\\/i

export function hasPlainPath(target: string): boolean {
  const path = target.replace(AUTHORITY, '').split(/[?#]/, 1)[0] ?? ''
  return path.startsWith('/') && !ODD.test(path)
}
