// The endpoint of a peer or a listener as text: `192.0.2.1:6881`, `[2001:db8::1]:6881`, `unix:/run/muster/http.sock`.

import { isIPv6Text, writeIPv4, writeIPv6 } from './address-text.ts'

const IPV4_BYTES = 4
const PORT_BYTES = 2
const MAX_TEXT_BYTES = 40

const decoder = new TextDecoder('latin1')

/** `bytes`: 4 or 16 bytes in network order. */
export function writeAddressBytes(bytes: Uint8Array): string {
  const text = new Uint8Array(MAX_TEXT_BYTES)
  const end = bytes.length === IPV4_BYTES ? writeIPv4(bytes, 0, text, 0) : writeIPv6(bytes, 0, text, 0)
  return decoder.decode(text.subarray(0, end))
}

/** `endpoint`: address and port in network byte order, 6 or 18 bytes. */
export function writeEndpoint(endpoint: Uint8Array): string {
  const address = writeAddressBytes(endpoint.subarray(0, -PORT_BYTES))
  const port = (endpoint[endpoint.length - 2] << 8) | endpoint[endpoint.length - 1]
  return writeHostPort(address, port)
}

const UNIX_SOCKET = 'unix:'

/** The path in the host `unix:/run/muster/http.sock`, which has no port; undefined for an address or a name. */
export function socketPathOf(host: string): string | undefined {
  return host.startsWith(UNIX_SOCKET) ? host.slice(UNIX_SOCKET.length) : undefined
}

/** `host` is an address or a name, or that of a Unix domain socket. */
export function writeHostPort(host: string, port: number): string {
  if (socketPathOf(host) !== undefined) return host
  return isIPv6Text(host) ? `[${host}]:${port}` : `${host}:${port}`
}
