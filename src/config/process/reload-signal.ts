// SIGHUP has certificates read again.

/** A part that serves with a certificate that may be replaced. */
export interface Reloadable {
  reload(): unknown
}

/**
 * From the start until the end, because without a listener the signal would end the process. Returns how further parts
 * are added to the first one.
 */
export function reloadOnHangUp(first: Reloadable): (another: Reloadable) => void {
  const parts = [first]
  process.on('SIGHUP', () => {
    for (const part of parts) void part.reload()
  })
  return (another) => void parts.push(another)
}
