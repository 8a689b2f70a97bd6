// From the options of a load command to the plan of the load. Every mistake is a sentence that names the option.

import { availableParallelism } from 'node:os'
import { Family } from '../../../domain/announce.ts'
import { type HostileShares, isFlood, type LoadPlan, type LoadTarget, type RequestMix } from '../../load/load-plan.ts'
import { allowedTargets, isHostOf, type TargetDependencies } from '../../load/target.ts'
import { MAX_PLACES, neededPlaces } from '../../load/udp/pending-requests.ts'
import { MAX_SCRAPE_HASHES } from '../../protocol/udp/layout.ts'
import { CommandFailure, USAGE_ERROR } from '../cli-environment.ts'

/** As commander has read them. */
export interface LoadCommandOptions {
  readonly threads: number
  readonly sockets?: number
  readonly connections?: number
  readonly inFlight?: number
  readonly rate?: number
  readonly duration: number
  readonly warmUp: number
  readonly timeout: number
  readonly fill?: boolean
  readonly mix: RequestMix
  readonly torrents: number
  readonly peers: number
  readonly even?: boolean
  readonly seed: number
  readonly seeders: number
  readonly lifecycle?: boolean
  readonly numwant: number
  readonly scrapeHashes?: number
  readonly ipv6Share?: number
  readonly hostile: HostileShares
  readonly urlData?: boolean
  readonly fresh?: boolean
  readonly slowHeads?: number
  readonly iOwnThisTracker?: readonly string[]
}

const DEFAULT_SOCKETS = 16
const DEFAULT_CONNECTIONS = 64
const DEFAULT_IN_FLIGHT = 8
const DEFAULT_SCRAPE_HASHES = 10
const MAX_SOCKETS = 10_000
const MAX_NUMWANT = 1000
/** Longer URLs are not announced to. */
const MAX_PATH = 512
const ANNOUNCE_PATHS = ['', '/', '/announce']

function mistake(sentence: string): CommandFailure {
  return new CommandFailure(sentence, USAGE_ERROR)
}

/** The plan for the trackers at `urls`: one, or one for each address family. */
export async function planOf(
  transport: LoadPlan['transport'],
  urls: readonly string[],
  options: LoadCommandOptions,
  dependencies: TargetDependencies,
): Promise<LoadPlan> {
  const parsed = urls.map((text) => urlOf(transport, text))
  const ownedHosts = options.iOwnThisTracker ?? []
  checkUrls(parsed, ownedHosts)
  const found: LoadTarget[] = []
  for (const url of parsed) {
    const port = Number(url.port || (transport === 'http' ? 80 : 6969))
    found.push(...(await allowedTargets({ url, port, ownedHosts }, dependencies)))
  }
  const targets = chosenTargets(found, options.ipv6Share, urls.length)
  checkSizes(options)
  const [first] = parsed
  const plan: LoadPlan = {
    transport,
    targets,
    ipv6Share: targets.length > 1 ? (options.ipv6Share ?? 0.5) : 0,
    threads: options.threads,
    sockets: (transport === 'http' ? options.connections : options.sockets) ?? socketsOf(transport),
    inFlight: options.inFlight ?? DEFAULT_IN_FLIGHT,
    requestsPerSecond: options.rate,
    warmUpSeconds: options.warmUp,
    seconds: options.duration,
    timeoutSeconds: options.timeout,
    fills: options.fill ?? false,
    mix: options.mix,
    population: {
      torrents: options.torrents,
      peers: options.peers,
      seed: options.seed,
      isEven: options.even ?? false,
    },
    seeders: options.seeders,
    hasLifecycle: options.lifecycle ?? false,
    numwant: options.numwant,
    scrapeHashes: options.scrapeHashes ?? DEFAULT_SCRAPE_HASHES,
    hostile: options.hostile,
    path: transport === 'http' ? httpPath(first) : urlData(first, options.urlData ?? false),
    hostHeader: first.host,
    isFresh: options.fresh ?? false,
    slowHeads: options.slowHeads ?? 0,
  }
  checkPlan(plan)
  return plan
}

function socketsOf(transport: LoadPlan['transport']): number {
  return transport === 'http' ? DEFAULT_CONNECTIONS : DEFAULT_SOCKETS
}

function urlOf(transport: LoadPlan['transport'], text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw mistake(`${text} is not a URL, such as ${transport}://127.0.0.1:6969/announce.`)
  if (url.protocol === 'https:') throw mistake('https:// cannot be loaded: load the tracker over http:// instead.')
  if (url.protocol !== `${transport}:`)
    throw mistake(`muster load ${transport} needs a URL that begins with ${transport}://.`)
  if (url.hostname === '') throw mistake(`${text} names no host.`)
  return url
}

function checkUrls(urls: readonly URL[], ownedHosts: readonly string[]): void {
  const [first, second] = urls
  if (second !== undefined && `${first.pathname}${first.search}` !== `${second.pathname}${second.search}`) {
    throw mistake('Two URLs must have the same path: it is one tracker.')
  }
  for (const host of ownedHosts) {
    if (urls.some((url) => isHostOf(url, host))) continue
    throw mistake(`--i-own-this-tracker names ${host}, which is the host of no URL.`)
  }
}

/** All addresses of one host, or one address for each URL. */
function chosenTargets(
  found: readonly LoadTarget[],
  ipv6Share: number | undefined,
  urlCount: number,
): readonly LoadTarget[] {
  const ipv4 = found.filter(({ family }) => family === Family.IPv4)
  const ipv6 = found.filter(({ family }) => family === Family.IPv6)
  if (urlCount > 2) throw mistake('Give one URL, or one for each address family.')
  if (urlCount === 2 && (ipv4.length === 0 || ipv6.length === 0)) {
    throw mistake('Two URLs must be those of an IPv4 and an IPv6 address of one tracker.')
  }
  if (ipv6Share !== undefined && (ipv4.length === 0 || ipv6.length === 0)) {
    throw mistake('--ipv6-share needs a host with addresses of both families, or two URLs.')
  }
  if (urlCount === 2 || ipv6Share !== undefined) return [...ipv4.slice(0, 1), ...ipv6.slice(0, 1)]
  return found.slice(0, 1)
}

function checkSizes({ numwant, scrapeHashes = 1, peers, torrents }: LoadCommandOptions): void {
  if (numwant > MAX_NUMWANT) throw mistake(`--numwant ${numwant} is more than ${MAX_NUMWANT}.`)
  if (scrapeHashes > MAX_SCRAPE_HASHES)
    throw mistake(`--scrape-hashes ${scrapeHashes} is more than ${MAX_SCRAPE_HASHES}.`)
  for (const [name, value] of Object.entries({ peers, torrents })) {
    if (value > 100_000_000) throw mistake(`--${name} ${value} is more than 100,000,000.`)
  }
}

function checkPlan(plan: LoadPlan): void {
  const all = plan.threads * plan.sockets
  const name = plan.transport === 'http' ? 'connections' : 'sockets'
  const cores = availableParallelism()
  if (plan.threads > 4 * cores) throw mistake(`--threads ${plan.threads} is too much for ${cores} cores.`)
  if (all > MAX_SOCKETS) throw mistake(`--${name} times --threads is more than ${MAX_SOCKETS}.`)
  if (plan.population.peers < all) throw mistake(`--peers must be at least the number of ${name}, ${all}.`)
  if (plan.seconds === 0) throw mistake('--duration must be more than 0.')
  if (plan.timeoutSeconds === 0) throw mistake('--timeout must be more than 0.')
  if (plan.path.length > MAX_PATH) throw mistake(`The path of the URL is longer than ${MAX_PATH} characters.`)
  if (plan.transport === 'http' && plan.hostile['forged-ids'] + plan.hostile.connects > 0) {
    throw mistake('--hostile forged-ids and --hostile connects are for UDP.')
  }
  if (plan.transport === 'http' && plan.mix.announce + plan.mix.scrape === 0) {
    throw mistake('--mix needs announces or scrapes: there are no connects over HTTP.')
  }
  if (plan.inFlight > 4096) throw mistake(`--in-flight ${plan.inFlight} is more than 4096.`)
  if (plan.transport === 'udp' && neededPlaces(plan) > MAX_PLACES) {
    const [names, remedy] =
      plan.sockets * plan.inFlight > MAX_PLACES
        ? ['--in-flight times --sockets', 'Use less.']
        : ['--rate times --timeout', 'Use more --threads or a shorter --timeout.']
    throw mistake(`${names} is too much: a thread waits for ${MAX_PLACES} replies at most. ${remedy}`)
  }
  if (plan.fills && isFlood(plan)) throw mistake('--fill needs requests that the tracker answers.')
}

/** The path of announces; scrapes go to the path beside it. */
function httpPath({ pathname, search }: URL): string {
  return `${pathname === '/' ? '/announce' : pathname}${search}`
}

/** Clients send what the announce URL has besides the usual (BEP 41): the key of a private tracker. */
function urlData({ pathname, search }: URL, isForced: boolean): string {
  const path = `${pathname}${search}`
  return isForced || !ANNOUNCE_PATHS.includes(path) ? path : ''
}
