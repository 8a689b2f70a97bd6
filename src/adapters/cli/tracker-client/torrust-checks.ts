// The checks of Torrust's tracker checker, in its order and its JSON: what each step came to, `{"Ok":null}` or
// `{"Err":"..."}`, and around them whether all went well.

import { errorMessage } from '../../../domain/error-message.ts'
import type { InfoHashLike } from '../../client/announce-call.ts'
import { httpGet } from '../../client/http-get.ts'
import { HttpTrackerClient } from '../../client/http-tracker-client.ts'
import { type HostAddress, resolveHost } from '../../client/resolve-host.ts'
import { shownHost } from '../../client/shown-host.ts'
import type { TrackerClient } from '../../client/tracker-client.ts'
import type { TrackerUrl } from '../../client/tracker-url.ts'
import { UdpTrackerClient } from '../../client/udp-tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { shownUrl } from '../check/shown-url.ts'
import { ownFault } from '../check/verdict.ts'
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

/** Torrust's own time limit and torrent if left out. */
export interface TorrustProbeOptions {
  /** Where the tracker is, instead of the first address of its host. */
  readonly address?: HostAddress
  /** Of each exchange. */
  readonly timeoutMs?: number
  readonly infoHash?: InfoHashLike
  readonly signal?: AbortSignal
}

/** A check, and what it says of the endpoint by the rules of `muster check`. */
export interface JudgedCheck {
  readonly check: TorrustCheck
  readonly verdict: 'ok' | 'failing' | 'unknown'
}

const TRANSACTION = 1

/** Never rejects. */
export async function checkUdpTracker(url: TrackerUrl, options: TorrustProbeOptions = {}): Promise<JudgedCheck> {
  const { host, port, target } = url
  const { address, timeoutMs = DEFAULT_TIMEOUT_MS, infoHash = DEFAULT_INFO_HASH, signal } = options
  const steps = new Steps()
  let remote = writeHostPort(address?.address ?? shownHost(host), port)
  const client = await steps.take('Setup', async () => {
    const first = address ?? (await firstAddress(host, timeoutMs, signal))
    remote = writeHostPort(first.address, port)
    const clientOptions = { waitsMs: [timeoutMs], newTransactionId: () => TRANSACTION, target }
    return await UdpTrackerClient.open({ host: first.address, port }, clientOptions)
  })
  if (client !== undefined) {
    using open = client
    const id = await steps.take('Connect', () => open.connect({ signal }))
    if (id !== undefined) {
      await steps.take('Announce', () => open.announce({ infoHash }, { signal }))
      await steps.take('Scrape', () => open.scrape([infoHash], { signal }))
      await leave(open, infoHash, signal)
    }
  }
  return { check: { Udp: steps.wrap({ remote_addr: remote, results: steps.results }) }, verdict: steps.verdict }
}

/** Never rejects. `shown`: the URL without secrets. */
export async function checkHttpTracker(
  url: TrackerUrl,
  shown: string,
  options: TorrustProbeOptions = {},
): Promise<JudgedCheck> {
  const { address, timeoutMs = DEFAULT_TIMEOUT_MS, infoHash = DEFAULT_INFO_HASH, signal } = options
  const steps = new Steps()
  const open = async () =>
    new HttpTrackerClient(url, address ?? (await firstAddress(url.host, timeoutMs, signal)), { timeoutMs })
  await steps.take('Announce', async () => {
    using client = await open()
    await client.announce({ infoHash }, { signal })
    await leave(client, infoHash, signal)
  })
  await steps.take('Scrape', async () => {
    using client = await open()
    await client.scrape([infoHash], { signal })
  })
  return { check: { Http: steps.wrap({ url: shown, results: steps.results }) }, verdict: steps.verdict }
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

async function firstAddress(
  host: string,
  lookUpTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<HostAddress> {
  const [first] = await resolveHost(host, { lookUpTimeoutMs, signal })
  return first
}

/** Torrust's checker leaves a peer behind. */
async function leave(client: TrackerClient, infoHash: InfoHashLike, signal: AbortSignal | undefined): Promise<void> {
  await client.announce({ infoHash, event: 'stopped' }, { signal }).catch(() => undefined)
}

class Steps {
  readonly results: Step[] = []
  verdict: JudgedCheck['verdict'] = 'ok'

  /** The result of the step; undefined if it failed. */
  async take<T>(name: Step[0], work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      this.results.push([name, { Ok: null }])
      return result
    } catch (error) {
      const fault = ownFault(error)
      this.results.push([name, { Err: fault ?? errorMessage(error) }])
      // This machine's fault says nothing of the tracker, if it is the only one.
      if (fault === undefined) this.verdict = 'failing'
      else if (this.verdict === 'ok') this.verdict = 'unknown'
      return undefined
    }
  }

  wrap<Checks>(checks: Checks): Wrapped<Checks> {
    return this.results.every(([, outcome]) => 'Ok' in outcome) ? { Ok: checks } : { Err: checks }
  }
}
