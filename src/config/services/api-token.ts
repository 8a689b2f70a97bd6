// The token of the management API that the tracker creates if the configuration has none (SEC-31).

import { randomBytes } from 'node:crypto'
import { openSecretFile, type SecretKind } from '../process/secret-file.ts'

const TOKEN_BYTES = 32
/** What a header can carry; editors add a line end. */
const FORM = /^[\x21-\x7e]{16,}\r?\n?$/

const API_TOKEN: SecretKind = {
  name: 'API token',
  make: () => new TextEncoder().encode(`${randomBytes(TOKEN_BYTES).toString('base64url')}\n`),
  objectionTo: (content) =>
    FORM.test(new TextDecoder('latin1').decode(content))
      ? undefined
      : 'a token must be one line of at least 16 visible ASCII characters; remove the file to get a new one',
}

export interface TokenInFile {
  readonly token: string
  readonly isNew: boolean
}

/**
 * The token in the file at `path`, which is created if it is missing. Throws with a message for the operator if it
 * cannot be used.
 */
export function openApiToken(path: string): TokenInFile {
  const { content, isNew } = openSecretFile(path, API_TOKEN)
  return { token: new TextDecoder('latin1').decode(content).trimEnd(), isNew }
}
