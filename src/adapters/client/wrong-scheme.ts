// Finds out whether a request failed because of its scheme: HTTPS to a port that speaks plain HTTP, or the other way
// round. The system's own words for either ("wrong version number", "other side closed") do not say so.

import { httpGet } from './http-get.ts'

const TIMEOUT_MS = 2000
/** What such a request fails with; any other failure has another reason. */
const CODES = /^(?:ERR_SSL_|EPROTO$|ECONNRESET$|EPIPE$|UND_ERR_SOCKET$|HPE_)/

/** A sentence that says what to write instead; undefined if the scheme is right, or nothing answers. */
export async function explainWrongScheme(url: string, error: unknown): Promise<string | undefined> {
  if (!codesOf(error).some((code) => CODES.test(code))) return undefined
  const { protocol, hostname, port } = new URL(url)
  const isSecure = protocol === 'https:'
  const address = `${hostname}:${port || (isSecure ? 443 : 80)}`
  const other = `${isSecure ? 'http' : 'https'}://${address}`
  if (!(await answers(other))) return undefined
  return `this port speaks ${isSecure ? 'plain HTTP' : 'HTTPS'}: write ${other}`
}

/** Nothing secret is sent, so it does not matter whose certificate it is, nor what the answer says. */
async function answers(url: string): Promise<boolean> {
  try {
    await httpGet({ url: `${url}/`, timeoutMs: TIMEOUT_MS, trusts: 'anyone' })
    return true
  } catch {
    return false
  }
}

/** Of the error and everything that caused it. */
function codesOf(error: unknown): readonly string[] {
  if (typeof error !== 'object' || error === null) return []
  const own = 'code' in error ? [String(error.code)] : []
  return 'cause' in error ? [...own, ...codesOf(error.cause)] : own
}
