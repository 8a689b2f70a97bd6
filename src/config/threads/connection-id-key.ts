// The key of the connection ids, kept in a file so that ids outlive a restart (UDP-07). A reader of the file can forge
// ids.

import { randomBytes } from 'node:crypto'
import { openSecretFile, type SecretKind } from '../process/secret-file.ts'

const KEY_BYTES = 16

const CONNECTION_ID_KEY: SecretKind = {
  name: 'connection id key',
  make: () => new Uint8Array(randomBytes(KEY_BYTES)),
  objectionTo: ({ length }) =>
    length === KEY_BYTES ? undefined : `${length} bytes long, but a key has ${KEY_BYTES}; remove it for a new one`,
}

export function openConnectionIdKey(path: string): Uint8Array {
  return openSecretFile(path, CONNECTION_ID_KEY).content
}
