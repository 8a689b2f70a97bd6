// Version 1 of the PROXY protocol, one line of text: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443`.

import { Family } from '../../../domain/announce.ts'
import { IpAddress, readAddress } from '../address-text.ts'
import { writeAddress } from '../client-range-text.ts'
import type { ConnectionEnd, ProxiedConnection, ProxyHeaderReading } from './proxied-connection.ts'

export const TEXT_SIGNATURE = Buffer.from('PROXY ', 'latin1')

/** The line with its end; long enough for any. */
const MAX_LINE_BYTES = 107
const LINE_END = '\r\n'
const MAX_PORT = 65_535

/** `bytes` begin with the signature, as far as there are any. */
export function readTextHeader(bytes: Buffer): ProxyHeaderReading {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, MAX_LINE_BYTES))
  const end = text.indexOf(LINE_END)
  // Half of the line's end may have arrived.
  if (end < 0) return text.length === MAX_LINE_BYTES || /\n|\r./s.test(text) ? 'malformed' : 'incomplete'
  const line = text.slice(0, end)
  const length = end + LINE_END.length
  if (/[\r\n]/.test(line)) return 'malformed'
  // Whatever follows the word is ignored.
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { length, source: undefined }
  const [, protocol, source, destination, sourcePort, destinationPort, more] = line.split(' ')
  if (more !== undefined || (protocol !== 'TCP4' && protocol !== 'TCP6')) return 'malformed'
  const isIPv6 = protocol === 'TCP6'
  const client = readEnd(source, sourcePort, isIPv6)
  if (client === undefined || readEnd(destination, destinationPort, isIPv6) === undefined) return 'malformed'
  return { length, source: client }
}

/** Undefined: `UNKNOWN`. */
export function writeTextHeader(connection: ProxiedConnection | undefined): Buffer {
  if (connection === undefined) return Buffer.from(`PROXY UNKNOWN${LINE_END}`, 'latin1')
  const { source, destination } = connection
  const protocol = source.address.family === Family.IPv4 ? 'TCP4' : 'TCP6'
  const addresses = `${writeAddress(source.address)} ${writeAddress(destination.address)}`
  return Buffer.from(`PROXY ${protocol} ${addresses} ${source.port} ${destination.port}${LINE_END}`, 'latin1')
}

function readEnd(text: string | undefined, port: string | undefined, isIPv6: boolean): ConnectionEnd | undefined {
  // Without leading zeros, which could be taken for octal.
  if (text === undefined || port === undefined || !/^(?:0|[1-9]\d{0,4})$/.test(port)) return undefined
  const address = new IpAddress()
  if (Number(port) > MAX_PORT || text.includes(':') !== isIPv6) return undefined
  return readAddress(text, 0, text.length, address) ? { address, port: Number(port) } : undefined
}
