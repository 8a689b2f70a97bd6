// SIGHUP reloads certificates.

/** A part with a certificate that may be replaced. */
export interface Reloadable {
  reload(): unknown
}

/**
 * Installed from start to end, because without a listener the signal would end the process. Returns a function that
 * adds further parts.
 */
export function reloadOnHangUp(first: Reloadable): (another: Reloadable) => void {
  const parts = [first]
  process.on('SIGHUP', () => {
    for (const part of parts) void part.reload()
  })
  return (another) => void parts.push(another)
}
