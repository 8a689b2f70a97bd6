// Every listener of the settings in one list, with the option that configures it.

import type { BindSettings, Settings, SocketFileSettings, TlsSettings } from '../settings/settings.ts'
import type { PortClaim } from '../threads/listening.ts'
import { THREAD_KINDS } from '../threads/thread-kinds.ts'
import type { Transport } from '../threads/transport.ts'

export interface ConfiguredListener {
  readonly option: string
  readonly transport: Transport
  readonly claim: PortClaim
  readonly tls: TlsSettings | undefined
  /** Of a Unix domain socket. */
  readonly socketGroup: string | undefined
  /** The tracker starts even if the address is not available. */
  readonly isOptional: boolean
}

/** The tables of the document that hold the lists of listeners. */
const TABLES = { udpListeners: 'udp_trackers', httpListeners: 'http_trackers' } as const

export function configuredListeners(settings: Settings): readonly ConfiguredListener[] {
  const { httpApi, healthCheckApi } = settings
  return [
    ...THREAD_KINDS.flatMap(({ listeners, transport, schemeOf }) =>
      settings[listeners].map((listener, index) => ({
        option: `${TABLES[listeners]}.${index}`,
        transport,
        claim: {
          scheme: schemeOf(listener),
          address: { address: listener.host, port: listener.port },
          ipv6Only: transport === 'udp' || listener.ipv6Only,
        },
        tls: 'tls' in listener ? listener.tls : undefined,
        socketGroup: 'socketGroup' in listener ? listener.socketGroup : undefined,
        isOptional: false,
      })),
    ),
    ...(httpApi === undefined ? [] : [mainListener('http_api', httpApi, { tls: httpApi.tls })]),
    mainListener('health_check_api', healthCheckApi, { isOptional: !healthCheckApi.isConfigured }),
  ]
}

/** A listener of the main thread. */
function mainListener(
  option: string,
  { host, port, socketGroup }: BindSettings & Pick<SocketFileSettings, 'socketGroup'>,
  { tls, isOptional = false }: Partial<Pick<ConfiguredListener, 'tls' | 'isOptional'>>,
): ConfiguredListener {
  const scheme = tls === undefined ? 'http' : 'https'
  const claim: PortClaim = { scheme, address: { address: host, port }, ipv6Only: false }
  return { option, transport: 'tcp', claim, tls, socketGroup, isOptional }
}
