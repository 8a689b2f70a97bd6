// Removes the secrets of an announce URL from what a tracker has said: its key may be part of the path or the query, of
// any length, written in another way, and cut off where the text ends.

/** A shorter part is no key, and would be found everywhere. */
const MIN_SECRET = 3
const USUAL = ['announce', 'announce.php', 'scrape', 'tracker', 'php']
const MASK = '***'

/** Trackers may repeat a key as it is in the URL, or decoded. */
export function maskPath(text: string, path: string): string {
  const whole = path.split(/[/?&;#]/).map((part) => part.slice(part.indexOf('=') + 1))
  const parts = whole.flatMap((part) => [part, ...part.split('.')]).filter((part) => !USUAL.includes(part))
  const secrets = [...new Set(parts.flatMap((part) => [part, decoded(part)]))]
    .filter((secret) => secret.length >= MIN_SECRET)
    .toSorted((one, other) => other.length - one.length)
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text)
  return secrets.reduce(maskBeginning, masked)
}

/** Masks the beginning of a secret at the end of a text. */
function maskBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= MIN_SECRET; length--) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${MASK}`
  }
  return text
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
