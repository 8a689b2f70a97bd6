// The token of the management API that the tracker makes when the configuration names none (SEC-31).

import { randomBytes } from 'node:crypto'
import { openSecretFile, type SecretKind } from '../process/secret-file.ts'

const TOKEN_BYTES = 32
/** What a header can carry; a line break at the end is an editor's. */
const FORM = /^[\x21-\x7e]{16,}\r?\n?$/

const API_TOKEN: SecretKind = {
  name: 'API token',
  make: () => new TextEncoder().encode(`${randomBytes(TOKEN_BYTES).toString('base64url')}\n`),
  objectionTo: (content) =>
    FORM.test(new TextDecoder('latin1').decode(content))
      ? undefined
      : 'a token is one line of 16 or more visible ASCII characters; remove the file for a new one',
}

export interface TokenInFile {
  readonly token: string
  readonly isNew: boolean
}

/**
 * The token in the file at `path`, which is made if it is missing. Throws, in words for an operator, if it cannot be
 * used.
 */
export function openApiToken(path: string): TokenInFile {
  const { content, isNew } = openSecretFile(path, API_TOKEN)
  return { token: new TextDecoder('latin1').decode(content).trimEnd(), isNew }
}
