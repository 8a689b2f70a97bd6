// Removes the secrets of an announce URL from what a tracker has said: its key may be part of the path or the query.

/** Shorter parts are no keys. */
const MIN_SECRET = 8
const USUAL = 'announce'

export function maskPath(text: string, path: string): string {
  const secrets = path.split(/[/?&=]/).filter((part) => part.length >= MIN_SECRET && part !== USUAL)
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}
