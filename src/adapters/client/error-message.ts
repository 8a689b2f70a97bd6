// The message of anything that can be thrown.

/** Falls back to the code: a host with several addresses fails once for each, under an error with an empty message. */
export function errorMessage(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { message = '', code = '' } = error as { message?: unknown; code?: unknown }
  return String(message === '' ? code : message)
}
