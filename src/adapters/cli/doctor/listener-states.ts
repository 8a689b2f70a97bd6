// Finds the state of the configured ports: tries to bind each, and probes those in use.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, isIPv6 } from 'node:net'
import { type ProbeOutcome, probeHttp, probeUdpTracker } from '../../client/service-probe.ts'
import type { ListenerPlan, ListenerState } from './examined-tracker.ts'

const PATHS = { http: '/health_check', api: '/api/health_check', health: '/health_check' } as const

/** Probes a listener, at `host` if its own address is a wildcard. */
export function probeListener(plan: ListenerPlan, host: string = plan.host): Promise<ProbeOutcome> {
  if (plan.kind === 'udp') return probeUdpTracker({ host, port: plan.port })
  const { kind, port, tls, proxyProtocol } = plan
  return probeHttp({ scheme: tls ? 'https' : 'http', host, port, path: PATHS[kind], proxyProtocol })
}

/** Skips listeners without a fixed port. One after the other, so that the attempts do not collide with each other. */
export async function listenerStates(plans: readonly ListenerPlan[]): Promise<readonly ListenerState[]> {
  const states: ListenerState[] = []
  for (const plan of plans) {
    if (plan.port !== 0) states.push({ plan, state: await stateOf(plan) })
  }
  return states
}

async function stateOf(plan: ListenerPlan): Promise<ListenerState['state']> {
  const code = await (plan.kind === 'udp' ? bindUdp(plan) : bindTcp(plan)).catch(codeOf)
  if (code === undefined) return 'free'
  if (code !== 'EADDRINUSE') return { code }
  return 'Ok' in (await probeListener(plan)) ? 'answers' : 'silent'
}

/** The error code, or undefined if the port is free. Closes it at once. */
async function bindUdp({ host, port }: ListenerPlan): Promise<string | undefined> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', ipv6Only: isIPv6(host) })
  try {
    socket.bind({ address: host, port, exclusive: true })
    await once(socket, 'listening')
    return undefined
  } catch (error) {
    return codeOf(error)
  } finally {
    socket.close()
    await once(socket, 'close')
  }
}

async function bindTcp({ host, port, ipv6Only }: ListenerPlan): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen({ host, port, ipv6Only, exclusive: true })
    await once(server, 'listening')
    return undefined
  } catch (error) {
    return codeOf(error)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}
