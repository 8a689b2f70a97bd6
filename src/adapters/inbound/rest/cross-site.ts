// Requests that a web page of another origin made a browser send (protocol rules SEC-17, SEC-34). They are refused
// before tokens are looked at, so that no page can guess tokens or use up its visitor's attempts.

/** A header's value by its lower-case name. */
type HeaderOf = (name: string) => string | undefined

export function isCrossSite(headerOf: HeaderOf, allowedOrigins: readonly string[]): boolean {
  const origin = headerOf('origin')
  if (origin !== undefined && allowedOrigins.includes(origin)) return false
  const site = headerOf('sec-fetch-site')
  // The browser knows best: behind a proxy the host that arrives here may not be the one that the page was loaded from.
  if (site === 'same-origin') return false
  if (site !== undefined && site !== 'none') return true
  return origin !== undefined && !isOwnOrigin(origin, headerOf('host'))
}

/** Schemes are not compared: a proxy may have ended TLS. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false
  const { protocol, host: originHost } = new URL(origin)
  const own = `${protocol}//${host}`
  return originHost !== '' && URL.canParse(own) && new URL(own).host === originHost
}
