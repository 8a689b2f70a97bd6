/** For a database of which nobody wants to hear. */
export const IGNORED_OUTAGES = {
  connectionLost: () => {},
  operationFailed: () => {},
  unavailable: () => {},
  available: () => {},
}
