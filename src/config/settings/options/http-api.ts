// [http_api] and [health_check_api]: where the management API and the health API listen, and access to the first.

import * as v from 'valibot'
import { boolean, host, listOf, network, origin, publicUrl, text } from '../schema-types.ts'
import { listenAddressOption, socketFileOptions } from './listener.ts'
import { fileOption, option, optionWithoutDefault } from './option.ts'

const tokens = v.record(v.string(), text('must be text, and not empty'), 'must be a table of labels and tokens')

export const httpApiOptions = {
  bind_address: listenAddressOption(
    '127.0.0.1',
    1212,
    'where it listens; port 0 picks a free port; `unix:/run/muster/api.sock` is a Unix domain socket',
  ),
  ...socketFileOptions,
  public_url: optionWithoutDefault({
    schema: publicUrl('http', 'https'),
    meaning: 'as for the trackers; its host is an allowed one',
    isTorrusts: true,
  }),
}

/** Of the same table. */
export const httpApiTokensOptions = {
  access_tokens: option({
    schema: tokens,
    default: {},
    meaning: 'secret; tokens with full access',
    isTorrusts: true,
    isSecret: true,
  }),
  read_tokens: option({
    schema: tokens,
    default: {},
    meaning: 'secret; tokens with read-only access',
    isSecret: true,
  }),
}

/** Of the same table; only without `access_tokens`. */
export const httpApiTokenFileOptions = {
  token_file: fileOption({
    schema: text('must be the path of a file'),
    default: 'api-token',
    meaning:
      'used if there are no `access_tokens`: holds a token with full access; created by the tracker with mode 0600',
  }),
}

/** Of the same table. */
export const httpApiAccessOptions = {
  allow_weak_tokens: option({
    schema: boolean,
    default: false,
    meaning: 'accept short tokens from other machines, see below',
  }),
  allowed_origins: option({
    schema: listOf(origin),
    default: [],
    meaning:
      'origins of web pages that may call the API from a browser (CORS), such as `"https://admin.example.org"`; exact match, no `*`',
  }),
  allowed_hosts: option({
    schema: listOf(host),
    default: [],
    meaning: 'hosts that requests may name (`Host`) besides its own, see below',
  }),
  trusted_proxies: option({
    schema: listOf(network),
    default: [],
    meaning:
      'reverse proxies whose X-Forwarded-For is trusted, so that wrong tokens count for the client that sent them',
  }),
}

export const healthCheckApiOptions = {
  bind_address: listenAddressOption(
    '127.0.0.1',
    1313,
    'where `/health_check`, `/livez` and `/readyz` are served: [health.md](health.md)',
  ),
  ...socketFileOptions,
  allowed_hosts: option({
    schema: listOf(host),
    default: [],
    meaning: 'as in `http_api`',
  }),
}
