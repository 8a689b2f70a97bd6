// The management API: where it listens, and who may use it.

import { buildTls, writeAddress } from './build-listeners.ts'
import { inDataDirectory } from './data-directory.ts'
import { DEFAULTS } from './defaults.ts'
import type { SettingsDocument } from './document-schema.ts'
import { isLoopback } from './loopback.ts'
import type { Findings } from './problems.ts'
import type { ApiTokenSettings, HttpApiSettings } from './settings.ts'
import { showPath } from './tree.ts'

type ApiTable = NonNullable<SettingsDocument['http_api']>

const buildTokens = (api: ApiTable, findings: Findings): ApiTokenSettings[] => {
  const { access_tokens: manage = {}, read_tokens: read = {} } = api
  for (const [label, token] of Object.entries(read)) {
    const [twin] = Object.entries(manage).find(([, other]) => other === token) ?? []
    if (twin === undefined) continue
    findings.problem(['http_api', 'read_tokens', label], `is the same token as ${showPath(['access_tokens', twin])}`)
  }
  return [
    ...Object.entries(manage).map(([label, token]) => ({ label, token, scope: 'manage' as const })),
    ...Object.entries(read).map(([label, token]) => ({ label, token, scope: 'read' as const })),
  ]
}

const buildTokenFile = (document: SettingsDocument, api: ApiTable, findings: Findings): string | undefined => {
  if (Object.keys(api.access_tokens ?? {}).length === 0) {
    return api.token_file ?? inDataDirectory(document, DEFAULTS.apiTokenFile)
  }
  if (api.token_file !== undefined) {
    findings.warning(['http_api', 'token_file'], 'is not used, because there are access_tokens')
  }
  return undefined
}

export const buildHttpApi = (document: SettingsDocument, findings: Findings): HttpApiSettings | undefined => {
  const api = document.http_api
  if (api === undefined) return undefined
  const bind = api.bind_address ?? DEFAULTS.httpApi
  const tls = buildTls(api.tls_config, ['http_api', 'tls_config'], findings)
  if (tls === undefined && !isLoopback(bind.host)) {
    findings.warning(
      ['http_api', 'bind_address'],
      `${writeAddress(bind)} can be reached from other machines without TLS: tokens can be read on the way there`,
    )
  }
  return {
    ...bind,
    tls,
    publicUrl: api.public_url,
    tokens: buildTokens(api, findings),
    tokenFile: buildTokenFile(document, api, findings),
    allowWeakTokens: api.allow_weak_tokens ?? DEFAULTS.allowWeakTokens,
    allowedOrigins: api.allowed_origins ?? [],
  }
}
