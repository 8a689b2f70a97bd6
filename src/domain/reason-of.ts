// What an error says, for people: its message, or its code when it has no words, as when a host with several addresses fails once for
// each. By its shape: what an addon or another realm throws is an instance of no class that is known here.

export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown }
  return String(message || code || error)
}
