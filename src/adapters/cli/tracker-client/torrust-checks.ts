// The checks of Torrust's tracker checker, in its order and its JSON: what each step came to, `{"Ok":null}` or
// `{"Err":"..."}`, and around them whether all went well.

import { errorMessage } from '../../../domain/error-message.ts'
import { httpGet } from '../../client/http-get.ts'
import { HttpTrackerClient } from '../../client/http-tracker-client.ts'
import { type HostAddress, resolveHost } from '../../client/resolve-host.ts'
import { shownHost } from '../../client/shown-host.ts'
import type { TrackerClient } from '../../client/tracker-client.ts'
import type { TrackerUrl } from '../../client/tracker-url.ts'
import { UdpTrackerClient } from '../../client/udp-tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { shownUrl } from '../check/shown-url.ts'
import { DEFAULT_INFO_HASH, DEFAULT_TIMEOUT_MS } from './defaults.ts'

type Outcome = { readonly Ok: null } | { readonly Err: string }
type Step = readonly [name: 'Setup' | 'Connect' | 'Announce' | 'Scrape', outcome: Outcome]
type Wrapped<Checks> = { readonly Ok: Checks } | { readonly Err: Checks }

export type TorrustCheck =
  | { readonly Udp: Wrapped<{ readonly remote_addr: string; readonly results: readonly Step[] }> }
  | { readonly Http: Wrapped<{ readonly url: string; readonly results: readonly Step[] }> }
  | {
      readonly Health: Wrapped<{
        readonly url: string
        readonly result: { readonly Ok: string } | { readonly Err: string }
      }>
    }

const TRANSACTION = 1

/** Never rejects. `address`: that of the first one of the host if left out. */
export async function checkUdpTracker(url: TrackerUrl, address?: HostAddress): Promise<TorrustCheck> {
  const { host, port, target } = url
  const steps = new Steps()
  let remote = writeHostPort(address?.address ?? shownHost(host), port)
  const client = await steps.take('Setup', async () => {
    const [first] = address === undefined ? await addressesOf(host) : [address]
    remote = writeHostPort(first.address, port)
    const options = { waitsMs: [DEFAULT_TIMEOUT_MS], newTransactionId: () => TRANSACTION, target }
    return await UdpTrackerClient.open({ host: first.address, port }, options)
  })
  if (client !== undefined) {
    using open = client
    const id = await steps.take('Connect', () => open.connect())
    if (id !== undefined) {
      await steps.take('Announce', () => open.announce({ infoHash: DEFAULT_INFO_HASH }))
      await steps.take('Scrape', () => open.scrape([DEFAULT_INFO_HASH]))
      await leave(open)
    }
  }
  return { Udp: steps.wrap({ remote_addr: remote, results: steps.results }) }
}

/** Never rejects. `shown`: the URL without secrets. */
export async function checkHttpTracker(url: TrackerUrl, shown: string, address?: HostAddress): Promise<TorrustCheck> {
  const steps = new Steps()
  const open = async () => {
    const [first] = address === undefined ? await addressesOf(url.host) : [address]
    return new HttpTrackerClient(url, first, { timeoutMs: DEFAULT_TIMEOUT_MS })
  }
  await steps.take('Announce', async () => {
    using client = await open()
    await client.announce({ infoHash: DEFAULT_INFO_HASH })
    await leave(client)
  })
  await steps.take('Scrape', async () => {
    using client = await open()
    await client.scrape([DEFAULT_INFO_HASH])
  })
  return { Http: steps.wrap({ url: shown, results: steps.results }) }
}

/** Never rejects. */
export async function checkHealth(page: string): Promise<TorrustCheck> {
  const url = shownUrl(page)
  try {
    const { status, statusText } = await httpGet({ url: page, timeoutMs: DEFAULT_TIMEOUT_MS })
    if (status >= 200 && status < 300) return { Health: { Ok: { url, result: { Ok: statusText } } } }
    return { Health: { Err: { url, result: { Err: statusText } } } }
  } catch (error) {
    return { Health: { Err: { url, result: { Err: errorMessage(error) } } } }
  }
}

function addressesOf(host: string): Promise<readonly HostAddress[]> {
  return resolveHost(host, { signal: AbortSignal.timeout(DEFAULT_TIMEOUT_MS) })
}

/** Torrust's checker leaves a peer behind. */
async function leave(client: TrackerClient): Promise<void> {
  await client.announce({ infoHash: DEFAULT_INFO_HASH, event: 'stopped' }).catch(() => undefined)
}

class Steps {
  readonly results: Step[] = []

  /** The result of the step; undefined if it failed. */
  async take<T>(name: Step[0], work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      this.results.push([name, { Ok: null }])
      return result
    } catch (error) {
      this.results.push([name, { Err: errorMessage(error) }])
      return undefined
    }
  }

  wrap<Checks>(checks: Checks): Wrapped<Checks> {
    return this.results.every(([, outcome]) => 'Ok' in outcome) ? { Ok: checks } : { Err: checks }
  }
}
