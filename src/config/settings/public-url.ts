// public_url of a tracker's listener: what may be wrong with it. It is only shown, so nothing stops the tracker.

import { isLoopback } from './loopback.ts'
import type { DocumentIssues } from './problems.ts'
import type { Path } from './tree.ts'

const WILDCARDS = ['0.0.0.0', '::']

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || WILDCARDS.includes(host) || isLoopback(host)
}

/** `url` has passed the schema. */
export function warnAboutPublicUrl(url: string | undefined, listener: Path, issues: DocumentIssues): void {
  if (url === undefined) return
  const { protocol, hostname, port } = new URL(url)
  const at = [...listener, 'public_url']
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isThisMachine(host)) issues.warning(at, `"${url}" cannot be used by clients on other machines`)
  if (protocol === 'udp:' && port === '') issues.warning(at, `"${url}" has no port, which UDP clients need`)
}
