// Turns a failed API call into a sentence that also says what to do about it.

import type { ClientError } from '../client/client-error.ts'
import type { Connection } from './connection.ts'

export async function explainClientError(error: ClientError, { url, tokenSource }: Connection): Promise<string> {
  if (error.kind === 'transport') {
    // Imported here so that commands without a failure do not load it.
    const { explainWrongScheme } = await import('../client/wrong-scheme.ts')
    const wrongScheme = await explainWrongScheme(url, error)
    if (wrongScheme !== undefined) return `${url} cannot be reached: ${wrongScheme} with --url or in MUSTER_API_URL.`
    return `${error.message}. Is the tracker running, with an [http_api] configured? Set another address with --url or MUSTER_API_URL.`
  }
  if (error.kind === 'decoding') return `The server at ${url} does not speak the API of this version: ${error.message}.`
  switch (error.status) {
    case 401:
      return `The tracker at ${url} does not know the token from ${tokenSource}. Its tokens are in [http_api.access_tokens], or in a file that it names in its log at startup; pass such a file with --token-file or MUSTER_API_TOKEN_FILE.`
    case 403:
      return `The token from ${tokenSource} is read-only. Changes need a token of scope "manage".`
    case 429:
      return `The tracker at ${url} has received too many wrong tokens from this address. Try again in a minute.`
    case 503:
      return `The tracker at ${url} cannot do that now: ${error.message}. It is safe to try again.`
    default:
      return error.problem === undefined
        ? `The server at ${url} rejected the request (status ${error.status}), and it is not Muster.`
        : `The tracker at ${url} rejected the request: ${error.message}.`
  }
}
