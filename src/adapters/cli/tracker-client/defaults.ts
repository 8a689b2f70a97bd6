// What Torrust's program sends and how long it waits, unless told otherwise.

export const DEFAULT_PEER_ID = new TextEncoder().encode('-RC3000-000000000001')
export const DEFAULT_TIMEOUT_MS = 5000
