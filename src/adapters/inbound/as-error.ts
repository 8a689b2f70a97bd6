// Anything that can be thrown, as an error to report.

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
