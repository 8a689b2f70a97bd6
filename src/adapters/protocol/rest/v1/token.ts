// Reads the token of an API v1 request: `Authorization: Bearer …`, or `token=` anywhere in the query. The header takes
// precedence.

/** `missing`: none at all. `unknown`: credentials of another kind. An empty token is a wrong token. */
export type ShownToken =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'token'; readonly token: string }

/** The scheme is case-insensitive (RFC 9110 section 11.1). Servers strip the space before an empty token. */
const BEARER = /^Bearer(?: (.*))?$/is

/** `authorizations`: the values of all headers of that name. Several of them count as a wrong token. */
export function readShownToken(authorizations: readonly string[], query: URLSearchParams): ShownToken {
  if (authorizations.length > 1) return { kind: 'token', token: '' }
  if (authorizations.length === 1) {
    const bearer = BEARER.exec(authorizations[0])
    return bearer === null ? { kind: 'unknown' } : { kind: 'token', token: bearer[1] ?? '' }
  }
  const token = query.get('token')
  return token === null ? { kind: 'missing' } : { kind: 'token', token }
}
