// What a PROXY header says about a connection.

import type { IpAddress } from '../address-text.ts'

/** One end of a connection. */
export interface ConnectionEnd {
  readonly address: IpAddress
  readonly port: number
}

/** A client's connection to the proxy; both ends are of one family. */
export interface ProxiedConnection {
  readonly source: ConnectionEnd
  readonly destination: ConnectionEnd
}

interface ProxyHeader {
  /** Where its bytes end, and those of the client begin. */
  readonly length: number
  /** The client; undefined: the connection is the proxy's own, or the client has no address of the Internet. */
  readonly source: ConnectionEnd | undefined
}

/** `incomplete`: right so far. */
export type ProxyHeaderReading = ProxyHeader | 'incomplete' | 'malformed'
