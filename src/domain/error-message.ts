// A readable message for anything that can be thrown.

/**
 * Falls back to the code: a host with several addresses fails once for each, under an error with an empty message.
 * Checks the shape, because what an addon or another realm throws is not an instance of a class known here.
 */
export function errorMessage(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown }
  return String(message || code || error)
}
