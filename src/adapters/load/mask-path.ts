// Removes the secrets of an announce URL from what a tracker has said: its key may be part of the path or the query.

/** Shorter parts are in every text. */
const MIN_SECRET = 4
const USUAL = ['announce', 'scrape', 'tracker']

/** Trackers may repeat a key as it is in the URL, or decoded. */
export function maskPath(text: string, path: string): string {
  const parts = path.split(/[/?&;#]/).flatMap((part) => part.slice(part.indexOf('=') + 1).split('.'))
  const secrets = [...parts, ...parts.map(decoded)].filter((part) => part.length >= MIN_SECRET && !USUAL.includes(part))
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
