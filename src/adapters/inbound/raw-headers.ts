// The few request headers that matter to a tracker, looked up in the raw list: node:http would build an object of all
// of them.

/** In lower case. Raw headers alternate names, as spelled by the client, and values. */
const HOST = 'host'
const ORIGIN = 'origin'
const SEC_FETCH_SITE = 'sec-fetch-site'
const CONTENT_LENGTH = 'content-length'
const TRANSFER_ENCODING = 'transfer-encoding'

export const Trait = {
  /** A body follows, which will not be read (protocol rule HTTP-10). */
  HasBody: 1,
  /** A web page of another site made a browser send the request (SEC-17). */
  CrossSite: 2,
  HasHost: 4,
} as const

/** The traits of a request, as a sum. */
export function readTraits(rawHeaders: readonly string[]): number {
  let traits = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    switch (name.length) {
      case HOST.length:
        if (isNamed(name, HOST)) traits |= Trait.HasHost
        break
      case ORIGIN.length:
        if (isNamed(name, ORIGIN)) traits |= Trait.CrossSite
        break
      case SEC_FETCH_SITE.length: // and of content-length
        if (isNamed(name, SEC_FETCH_SITE) && isOtherSite(rawHeaders[i + 1])) traits |= Trait.CrossSite
        else if (isNamed(name, CONTENT_LENGTH) && Number(rawHeaders[i + 1]) !== 0) traits |= Trait.HasBody
        break
      case TRANSFER_ENCODING.length:
        if (isNamed(name, TRANSFER_ENCODING)) traits |= Trait.HasBody
        break
    }
  }
  return traits
}

/** All values of a header, joined with commas in order; undefined if the header is absent. */
export function joinedHeader(rawHeaders: readonly string[], wanted: string): string | undefined {
  let joined: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!isNamed(rawHeaders[i], wanted)) continue
    joined = joined === undefined ? rawHeaders[i + 1] : `${joined},${rawHeaders[i + 1]}`
  }
  return joined
}

/** The values of all headers with this lower-case name. */
export function valuesOf(rawHeaders: readonly string[], wanted: string): readonly string[] {
  const values: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (isNamed(rawHeaders[i], wanted)) values.push(rawHeaders[i + 1])
  }
  return values
}

function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && name.toLowerCase() === wanted
}

function isOtherSite(site: string): boolean {
  return site !== 'none' && site !== 'same-origin'
}
