// Valid configurations that the tracker must not start with.

import { writeBindAddress } from './bind-address.ts'
import { tokenPath } from './build-http-api.ts'
import { isLoopback } from './loopback.ts'
import type { HttpApiSettings, Settings } from './settings.ts'
import { showPath } from './tree.ts'

/** Protocol rule SEC-30: a shorter token can be guessed, given time. */
const MIN_TOKEN_BYTES = 16

function weakTokens(api: HttpApiSettings): string | undefined {
  if (api.allowWeakTokens || isLoopback(api.host)) return undefined
  const weak = api.tokens
    .filter(({ token }) => Buffer.byteLength(token) < MIN_TOKEN_BYTES)
    .map((token) => showPath(tokenPath(token)))
  if (weak.length === 0) return undefined
  return `${weak.join(', ')}: shorter than ${MIN_TOKEN_BYTES} bytes, and ${writeBindAddress(api)} can be reached from other machines. Use a longer token or a loopback bind_address, or accept it with http_api.allow_weak_tokens (MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS=true).`
}

/** One sentence per reason not to start. */
export function startRefusals({ httpApi }: Settings): readonly string[] {
  const sentence = httpApi && weakTokens(httpApi)
  return sentence === undefined ? [] : [sentence]
}
