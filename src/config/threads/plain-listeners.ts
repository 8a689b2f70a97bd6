// Which HTTP listeners the plain driver serves, and whether there is anything for it to do: decided once by the main
// thread, because its threads have numbers and rows of counters.

import { chooseHttpDriver } from '../../adapters/inbound/http/choose-driver.ts'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import type { HttpListenerSettings, Settings } from '../settings/settings.ts'

/** The plain driver knows nothing of TLS, PROXY headers and Unix domain sockets. */
export function isPlainListener({ host, tls, proxyProtocol }: HttpListenerSettings): boolean {
  return tls === undefined && !proxyProtocol && socketPathOf(host) === undefined
}

/** If it is required but cannot run, a thread says so when it starts. */
export async function needsPlainDriver({ httpListeners, threads }: Settings): Promise<boolean> {
  if (!httpListeners.some(isPlainListener)) return false
  return threads.httpDriver === 'plain' || (await chooseHttpDriver(threads.httpDriver)).driver === 'plain'
}
