// Why the tracker did not do what was asked, in a sentence that says what to do about it.

import type { ClientError } from '../client/client-error.ts'
import type { Connection } from './connection.ts'

export const explainClientError = (error: ClientError, { url, tokenSource }: Connection): string => {
  if (error.kind === 'transport') {
    return `${error.message}. Does the tracker run, and does it have an [http_api]? --url or MUSTER_API_URL name another address.`
  }
  if (error.kind === 'decoding')
    return `What answers at ${url} does not speak the API of this version: ${error.message}.`
  switch (error.status) {
    case 401:
      return `The tracker at ${url} does not know the token of ${tokenSource}. It has its tokens from [http_api.access_tokens], or from a file that its log names at the start; --token-file or MUSTER_API_TOKEN_FILE name one.`
    case 403:
      return `The token of ${tokenSource} may only look. Changes need one of scope "manage".`
    case 429:
      return `The tracker at ${url} has been shown too many wrong tokens from this address. Try again in a minute.`
    case 503:
      return `The tracker at ${url} cannot do that now: ${error.message}. Try again: it is safe to repeat.`
    default:
      return error.problem === undefined
        ? `Something at ${url} refused that (status ${error.status}), and it is no Muster.`
        : `The tracker at ${url} refused that: ${error.message}.`
  }
}
