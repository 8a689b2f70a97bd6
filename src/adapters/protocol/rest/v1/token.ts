// Where a request of API v1 shows its token: `Authorization: Bearer …`, or `token=` anywhere in the query. With both, the header
// decides.

/** `missing`: none at all. `unknown`: credentials of another kind. An empty token is a wrong one. */
export type ShownToken =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'token'; readonly token: string }

/** The scheme's name has no case (RFC 9110 section 11.1). Servers cut off the space that ends an empty token. */
const BEARER = /^Bearer(?: (.*))?$/is

/** `authorizations`: the values of all headers of that name. Of several, none is believed. */
export const readShownToken = (authorizations: readonly string[], query: URLSearchParams): ShownToken => {
  if (authorizations.length > 1) return { kind: 'token', token: '' }
  if (authorizations.length === 1) {
    const bearer = BEARER.exec(authorizations[0])
    return bearer === null ? { kind: 'unknown' } : { kind: 'token', token: bearer[1] ?? '' }
  }
  const token = query.get('token')
  return token === null ? { kind: 'missing' } : { kind: 'token', token }
}
