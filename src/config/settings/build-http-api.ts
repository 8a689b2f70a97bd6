// The management API: where it listens, and which tokens it accepts.

import { type BindAddress, writeBindAddress } from './bind-address.ts'
import { buildTls, checkSocketFile } from './build-listeners.ts'
import { dataDirectoryOf } from './data-directory.ts'
import type { SettingsDocument } from './document-schema.ts'
import { maskNetworks } from './host-bits.ts'
import { isLoopback } from './loopback.ts'
import { MASK } from './mask.ts'
import { httpApiAccessOptions, httpApiOptions, httpApiTokenFileOptions } from './options/http-api.ts'
import { membersOf, membersWithFiles } from './options/members.ts'
import type { DocumentIssues } from './problems.ts'
import type { ApiTokenSettings, HttpApiSettings } from './settings.ts'
import { type Path, showPath } from './tree.ts'

type ApiTable = NonNullable<SettingsDocument['http_api']>

/** Protocol rule SEC-30: shorter tokens can be guessed. */
const MIN_TOKEN_BYTES = 16

const TOKEN_OPTIONS = { manage: 'access_tokens', read: 'read_tokens' } as const

/** The path of a token in the document. */
function tokenPath({ label, scope }: Pick<ApiTokenSettings, 'label' | 'scope'>): Path {
  return ['http_api', TOKEN_OPTIONS[scope], label]
}

function buildTokens(api: ApiTable, issues: DocumentIssues): ApiTokenSettings[] {
  const tokens: ApiTokenSettings[] = []
  for (const scope of ['manage', 'read'] as const) {
    for (const [label, token] of Object.entries(api[TOKEN_OPTIONS[scope]] ?? {})) {
      const twin = tokens.find((other) => other.token === token && other.scope !== scope)
      const addProblem = (reason: string): void => issues.problem(tokenPath({ label, scope }), reason)
      // With a printed document as configuration, the mask would be a valid and well-known token.
      if (token === MASK) addProblem('is the mask shown instead of a token: enter the token itself')
      else if (twin !== undefined) addProblem(`is the same token as ${showPath(tokenPath(twin))}`)
      tokens.push({ label, token, scope })
    }
  }
  return tokens
}

function buildTokenFile(document: SettingsDocument, api: ApiTable, issues: DocumentIssues): string | undefined {
  if (Object.keys(api.access_tokens ?? {}).length === 0) {
    return membersWithFiles(httpApiTokenFileOptions, api, dataDirectoryOf(document)).tokenFile
  }
  if (api.token_file !== undefined) {
    issues.warning(['http_api', 'token_file'], 'is not used, because access_tokens are set')
  }
  return undefined
}

/** Where the API listens. A weak token keeps it on loopback instead of stopping the tracker. */
function narrowForWeakTokens(
  asked: BindAddress,
  tokens: readonly ApiTokenSettings[],
  issues: DocumentIssues,
): BindAddress {
  if (isLoopback(asked.host)) return asked
  const weak = tokens
    .filter(({ token }) => Buffer.byteLength(token) < MIN_TOKEN_BYTES)
    .map((token) => showPath(tokenPath(token)))
  if (weak.length === 0) return asked
  const narrowed = { ...asked, host: '127.0.0.1' }
  issues.warning(
    ['http_api', 'bind_address'],
    `the API listens on ${writeBindAddress(narrowed)} only, because other machines can reach ${writeBindAddress(asked)} and could guess a token: ${weak.join(', ')} (less than ${MIN_TOKEN_BYTES} bytes). Use a longer token, or accept it with http_api.allow_weak_tokens (MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS=true)`,
  )
  return narrowed
}

export function buildHttpApi(document: SettingsDocument, issues: DocumentIssues): HttpApiSettings | undefined {
  const api = document.http_api
  if (api === undefined) return undefined
  const { bindAddress: asked, ...members } = membersOf(httpApiOptions, api)
  const access = membersOf(httpApiAccessOptions, api)
  const tokens = buildTokens(api, issues)
  const bindAddress = access.allowWeakTokens ? asked : narrowForWeakTokens(asked, tokens, issues)
  const tls = buildTls(api.tls_config, ['http_api', 'tls_config'], issues)
  checkSocketFile(bindAddress, { tls, file: members }, ['http_api'], issues)
  if (tls === undefined && !isLoopback(bindAddress.host)) {
    issues.warning(
      ['http_api', 'bind_address'],
      `${writeBindAddress(bindAddress)} can be reached from other machines without TLS: tokens can be read in transit`,
    )
  }
  return {
    ...bindAddress,
    ...members,
    ...access,
    trustedProxies: maskNetworks(access.trustedProxies, ['http_api', 'trusted_proxies'], issues),
    tls,
    tokens,
    tokenFile: buildTokenFile(document, api, issues),
  }
}
