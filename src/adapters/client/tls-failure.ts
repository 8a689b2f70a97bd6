// Says in plain words why a TLS connection to a tracker failed.

const SENTENCES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is signed by an authority that this machine does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is signed by an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate is signed by an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is signed by an authority that this machine does not know',
  CERT_REVOKED: 'the certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
}

/** How OpenSSL reports what the other side sent: the reason is the last part but the place in its source. */
const OPENSSL_ERROR = /:SSL routines:[^:]*:([^:]+):/
const REASONS: Readonly<Record<string, string>> = {
  'wrong version number': 'the port does not speak TLS; try http://',
  'packet length too long': 'the port does not speak TLS; try http://',
  'tlsv1 alert protocol version': 'the server speaks no version of TLS that this client does',
  'unsupported protocol': 'the server speaks no version of TLS that this client does',
}

/** Undefined if the reason is not one of TLS. */
export function tlsFailure(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return undefined
  const code = String(error.code)
  const sentence = SENTENCES[code]
  if (sentence !== undefined) return `${sentence} (${code})`
  const reason = OPENSSL_ERROR.exec(String(error.message))?.[1]
  return reason === undefined ? undefined : (REASONS[reason] ?? `TLS failed: ${reason}`)
}
