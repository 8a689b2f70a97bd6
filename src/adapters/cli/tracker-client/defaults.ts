// What Torrust's program sends and how long it waits, unless told otherwise.

export const DEFAULT_PEER_ID = new TextEncoder().encode('-RC3000-000000000001')
export const DEFAULT_TIMEOUT_MS = 5000
/** What the checker announces. */
export const DEFAULT_INFO_HASH = '9c38422213e30bff212b30c360d26f9a02136422'
