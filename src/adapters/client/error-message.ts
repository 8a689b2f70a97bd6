// The message of anything that can be thrown.

/** The code when the message is empty: a host with several addresses fails once for each, under an error without a message. */
export function errorMessage(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { message = '', code = '' } = error as { message?: unknown; code?: unknown }
  return String(message === '' ? code : message)
}
