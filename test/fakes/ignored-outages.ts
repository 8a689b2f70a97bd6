/** Ignores a database's outages. */
export const IGNORED_OUTAGES = {
  connectionLost: () => {},
  operationFailed: () => {},
  unavailable: () => {},
  available: () => {},
}
