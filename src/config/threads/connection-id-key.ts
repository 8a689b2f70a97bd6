// The key of the connection ids, stored in a file so that ids survive a restart (UDP-07). Reading the file allows
// forging ids.

import { randomBytes } from 'node:crypto'
import { openSecretFile, type SecretKind } from '../process/secret-file.ts'

const KEY_BYTES = 16

const CONNECTION_ID_KEY: SecretKind = {
  name: 'connection id key',
  make: () => new Uint8Array(randomBytes(KEY_BYTES)),
  objectionTo: ({ length }) =>
    length === KEY_BYTES
      ? undefined
      : `${length} bytes long, but a key has ${KEY_BYTES}; remove the file to get a new one`,
}

export function openConnectionIdKey(path: string): Uint8Array {
  return openSecretFile(path, CONNECTION_ID_KEY).content
}
