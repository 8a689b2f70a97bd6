// Addresses that the tracker cannot listen on, whatever else runs: this machine does not have them, the user lacks the
// right, there is no folder for a socket, or two listeners want the same port. A port that another program has is no
// problem here: it may be the tracker that this configuration is for, and the start finds out.

import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import { errorMessage } from '../../domain/error-message.ts'
import type { Settings } from '../settings/settings.ts'
import { claimPorts, listenError, listenerUrl, type PortClaim } from '../threads/listening.ts'
import { groupProblem, SocketPathError } from '../threads/socket-files.ts'
import { type ConfiguredListener, configuredListeners } from './configured-listeners.ts'
import type { StartProblem } from './start-problem.ts'

/** Another program may have the port that the system chose for the attempt. */
const CLASH_ATTEMPTS = 2

/** All below need a right, unless the system says otherwise. */
const FIRST_FREE_PORT = 1024

const NOT_HERE = 'set an address of this machine (ip address lists them), or 0.0.0.0 for all'

const REMEDIES: Readonly<Record<string, (port: number) => string>> = {
  EACCES: (port) =>
    `set AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, or sysctl -w net.ipv4.ip_unprivileged_port_start=${port}, or use a port above 1023`,
  EADDRNOTAVAIL: () => NOT_HERE,
  EAFNOSUPPORT: () => 'remove the listener, or enable IPv6 (sysctl -w net.ipv6.conf.all.disable_ipv6=0)',
}

const PATH_REMEDIES: Readonly<Record<string, string>> = {
  ENOENT:
    "create the folder with the tracker's user as its owner (RuntimeDirectory=muster in the systemd unit makes /run/muster)",
  EACCES: "make the tracker's user the owner of the folder",
  EEXIST: 'remove the file, or set another path',
}

/** `isBuiltIn`: no document; then listeners on `::` are skipped on a machine without IPv6. */
export async function addressProblems(settings: Settings, isBuiltIn: boolean): Promise<readonly StartProblem[]> {
  const listeners = configuredListeners(settings)
  const problems: StartProblem[] = []
  if (settings.udpListeners.length + settings.httpListeners.length === 0) {
    problems.push({
      option: 'udp_trackers',
      message: 'the tracker has no listener',
      remedy: 'add [[udp_trackers]] or [[http_trackers]], each with a bind_address such as "0.0.0.0:6969"',
    })
  }
  for (const listener of listeners) {
    const mayMiss = listener.isOptional || (isBuiltIn && listener.claim.address.address === '::')
    const problem = mayMiss ? undefined : await bindProblem(listener)
    if (problem !== undefined) problems.push(problem)
    const message = groupProblem(listener.socketGroup)
    const remedy = 'set a group of this machine, by name or by number'
    if (message !== undefined) problems.push({ option: `${listener.option}.socket_group`, message, remedy })
  }
  return [...problems, ...(await clashes(listeners))]
}

/** Tries a port that the system chooses, unless the real one needs a right: a tracker that starts now must get it. */
async function bindProblem({ option, transport, claim }: ConfiguredListener): Promise<StartProblem | undefined> {
  const { port } = claim.address
  try {
    await claimPorts(transport, [onPort(claim, port < FIRST_FREE_PORT ? port : 0)])
    return undefined
  } catch (error) {
    const code = bindErrorCode(error)
    if (code === 'EADDRINUSE') return undefined
    if (causeOf(error) instanceof SocketPathError) {
      return { option: `${option}.bind_address`, message: errorMessage(error), remedy: PATH_REMEDIES[code] ?? '' }
    }
    const { message } = listenError(transport, listenerUrl(claim.scheme, claim.address), causeOf(error))
    const remedy = REMEDIES[code]?.(port) ?? `set another address for ${option}`
    return { option: `${option}.bind_address`, message, remedy }
  }
}

async function clashes(listeners: readonly ConfiguredListener[]): Promise<readonly StartProblem[]> {
  const problems: StartProblem[] = []
  for (const [index, one] of listeners.entries()) {
    for (const other of listeners.slice(0, index)) {
      if (!(await clash(one, other))) continue
      const [url, taken] = [one, other].map(({ claim }) => listenerUrl(claim.scheme, claim.address))
      problems.push({
        option: `${one.option}.bind_address`,
        message: `cannot listen on ${url}: ${other.option} (${taken}) has this port already`,
        remedy: `set another port for ${one.option} or ${other.option}`,
      })
    }
  }
  return problems
}

/** Asks the system, on another port: whether `::` covers IPv4 depends on its settings. */
async function clash(one: ConfiguredListener, other: ConfiguredListener): Promise<boolean> {
  const { address, port } = one.claim.address
  if (socketPathOf(address) !== undefined) return address === other.claim.address.address
  if (port === 0 || port !== other.claim.address.port || one.transport !== other.transport) return false
  for (let attempt = 0; attempt < CLASH_ATTEMPTS; attempt++) {
    if (!(await clashesNow(one, other))) return false
  }
  return true
}

async function clashesNow({ transport, claim }: ConfiguredListener, other: ConfiguredListener): Promise<boolean> {
  try {
    const [{ port }] = await claimPorts(transport, [onPort(claim, 0)])
    await claimPorts(transport, [onPort(claim, port), onPort(other.claim, port)])
    return false
  } catch (error) {
    return bindErrorCode(error) === 'EADDRINUSE'
  }
}

function onPort(claim: PortClaim, port: number): PortClaim {
  return { ...claim, address: { ...claim.address, port } }
}

/** Of the system's error, which `claimPorts` wraps. */
function bindErrorCode(error: unknown): string {
  return String((causeOf(error) as { readonly code?: unknown } | undefined)?.code ?? '')
}

function causeOf(error: unknown): unknown {
  return (error as { readonly cause?: unknown }).cause
}
