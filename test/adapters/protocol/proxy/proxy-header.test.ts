import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IpAddress, readAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { writeAddress } from '../../../../src/adapters/protocol/client-range-text.ts'
import { writeBinaryHeader } from '../../../../src/adapters/protocol/proxy/binary-header.ts'
import type { ConnectionEnd } from '../../../../src/adapters/protocol/proxy/proxied-connection.ts'
import { readProxyHeader } from '../../../../src/adapters/protocol/proxy/proxy-header.ts'
import { writeTextHeader } from '../../../../src/adapters/protocol/proxy/text-header.ts'

const SIGNATURE = '0d0a0d0a000d0a515549540a'
const LONGEST_LINE = 107

function end(text: string, port: number): ConnectionEnd {
  const address = new IpAddress()
  readAddress(text, 0, text.length, address)
  return { address, port }
}

/** `192.0.2.1 56324, 44 bytes`; `no source, 15 bytes`. */
function shown(bytes: Buffer): string {
  const reading = readProxyHeader(bytes)
  if (typeof reading === 'string') return reading
  const { source, length } = reading
  return `${source === undefined ? 'no source' : `${writeAddress(source.address)} ${source.port}`}, ${length} bytes`
}

function line(text: string): string {
  return shown(Buffer.from(text, 'latin1'))
}

function block(hex: string): string {
  return shown(Buffer.from(`${SIGNATURE}${hex.replaceAll(' ', '')}`, 'hex'))
}

describe('version 1', () => {
  it.each([
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\r\n', '192.0.2.1 56324, 45 bytes'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\r\nGET / HTTP/1.1\r\n', '192.0.2.1 56324, 45 bytes'],
    ['PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n', '0.0.0.0 0, 44 bytes'],
    ['PROXY TCP6 2001:db8::7 ::1 1 2\r\n', '2001:db8::7 1, 32 bytes'],
    ['PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n', '192.0.2.1 1, 37 bytes'],
    ['PROXY UNKNOWN\r\n', 'no source, 15 bytes'],
    ['PROXY UNKNOWN ffff::1 whatever 1\r\n', 'no source, 34 bytes'],
    [`PROXY UNKNOWN ${'x'.repeat(LONGEST_LINE - 16)}\r\n`, 'no source, 107 bytes'],
  ])('reads %j as %s', (text, reading) => {
    expect(line(text)).toBe(reading)
  })

  it.each([
    [`PROXY UNKNOWN ${'x'.repeat(LONGEST_LINE - 15)}\r\n`],
    [`PROXY TCP4 ${'1'.repeat(LONGEST_LINE)}`],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443 \r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443 more\r\n'],
    ['PROXY TCP4  192.0.2.1 198.51.100.9 56324 443\r\n'],
    ['PROXY TCP4 192.0.2.256 198.51.100.9 56324 443\r\n'],
    ['PROXY TCP4 192.0.2.1 nowhere 56324 443\r\n'],
    ['PROXY TCP4 ::1 ::2 56324 443\r\n'],
    ['PROXY TCP4 ::ffff:192.0.2.1 198.51.100.9 56324 443\r\n'],
    ['PROXY TCP6 192.0.2.1 198.51.100.9 56324 443\r\n'],
    ['PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 65536 443\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 65536\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 056 443\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 -1 443\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\n\r\n'],
    ['PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\r\r\n'],
    ['PROXY UNKNOWN\r\r\n'],
    ['PROXY UNKNOWN\rx\r\n'],
    ['PROXY UNKNOWNS\r\n'],
    ['PROXY UDP4 192.0.2.1 198.51.100.9 56324 443\r\n'],
    ['PROXY tcp4 192.0.2.1 198.51.100.9 56324 443\r\n'],
    ['PROXY\r\n'],
    ['PROXY \r\n'],
    ['proxy TCP4 192.0.2.1 198.51.100.9 56324 443\r\n'],
    ['GET / HTTP/1.1\r\n'],
    [' PROXY'],
  ])('refuses %j', (text) => {
    expect(line(text)).toBe('malformed')
  })
})

describe('version 2', () => {
  it.each([
    // Command, family and transport, length; source and destination; source port and destination port.
    ['21 11 000c c0000201 c6336409 dc04 01bb', '192.0.2.1 56324, 28 bytes'],
    ['21 11 000f c0000201 c6336409 dc04 01bb 040000', '192.0.2.1 56324, 31 bytes'],
    ['21 11 000c c0000201 c6336409 dc04 01bb 474554', '192.0.2.1 56324, 28 bytes'],
    [`21 21 0024 20010db8${'00'.repeat(11)}07 ${'00'.repeat(15)}01 0001 0002`, '2001:db8::7 1, 52 bytes'],
    [`21 21 0024 ${'00'.repeat(10)}ffffc0000201 ${'00'.repeat(15)}01 0001 0002`, '192.0.2.1 1, 52 bytes'],
    // The proxy's own connection: whatever is in the block counts for nothing.
    ['20 00 0000', 'no source, 16 bytes'],
    ['20 11 000c c0000201 c6336409 dc04 01bb', 'no source, 28 bytes'],
    ['20 ff 0001 00', 'no source, 17 bytes'],
    // A Unix domain socket, an unknown family, and datagrams.
    [`21 31 00d8 ${'2f'.repeat(216)}`, 'no source, 232 bytes'],
    ['21 00 0000', 'no source, 16 bytes'],
    ['21 00 0003 040000', 'no source, 19 bytes'],
    ['21 12 000c c0000201 c6336409 dc04 01bb', 'no source, 28 bytes'],
  ])('reads %s as %s', (hex, reading) => {
    expect(block(hex)).toBe(reading)
  })

  it.each([
    ['11 11 000c c0000201 c6336409 dc04 01bb'],
    ['31 11 000c c0000201 c6336409 dc04 01bb'],
    ['22 11 000c c0000201 c6336409 dc04 01bb'],
    ['21 11 000b c0000201 c6336409 dc04 01'],
    ['21 21 0023'],
    ['21 31 00d7'],
    ['21 41 000c c0000201 c6336409 dc04 01bb'],
    ['21 13 000c c0000201 c6336409 dc04 01bb'],
    ['21 11 ffff'],
    ['00'],
  ])('refuses %s', (hex) => {
    expect(block(hex)).toBe('malformed')
  })

  it('has at most 4096 bytes', () => {
    expect(block(`20 00 0ff0 ${'00'.repeat(0xff0)}`)).toBe('no source, 4096 bytes')
    expect(block('20 00 0ff1')).toBe('malformed')
  })
})

function anEnd(length: number) {
  const bytes = fc.uint8Array({ minLength: length, maxLength: length })
  return fc.record({ bytes, port: fc.integer({ min: 0, max: 65_535 }) })
}

/** What a listener would call it: an IPv6 address that contains an IPv4 address is that one. */
const aConnection = fc.oneof(
  fc.record({ source: anEnd(4), destination: anEnd(4) }),
  fc.record({ source: anEnd(16), destination: anEnd(16) }),
)

function asEnd({ bytes, port }: { readonly bytes: Uint8Array; readonly port: number }): ConnectionEnd {
  const groups = Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []
  return end(bytes.length === 4 ? bytes.join('.') : groups.join(':'), port)
}

describe.each([
  ['1', writeTextHeader],
  ['2', writeBinaryHeader],
])('any header of version %s', (_, write) => {
  const headers = fc.option(aConnection, { nil: undefined }).map((connection) => {
    if (connection === undefined) return { header: write(undefined), reading: 'no source' }
    const [source, destination] = [asEnd(connection.source), asEnd(connection.destination)]
    // Both ends are of one family.
    if (source.address.family !== destination.address.family) return { header: write(undefined), reading: 'no source' }
    return { header: write({ source, destination }), reading: `${writeAddress(source.address)} ${source.port}` }
  })

  it('is read back, with anything after it', () => {
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 64 }), ({ header, reading }, rest) => {
        expect(shown(Buffer.concat([header, rest]))).toBe(`${reading}, ${header.length} bytes`)
      }),
    )
  })

  it('is incomplete at every length below its own', () => {
    fc.assert(
      fc.property(headers, ({ header }) => {
        for (let length = 0; length < header.length; length++) {
          expect(shown(header.subarray(0, length))).toBe('incomplete')
        }
      }),
    )
  })

  it('is decided within its bounds, whatever byte is changed', () => {
    fc.assert(
      fc.property(headers, fc.nat(), fc.nat(255), ({ header }, at, value) => {
        const changed = Buffer.concat([header, Buffer.alloc(4096, 0x20)])
        changed[at % header.length] = value
        expect(shown(changed)).not.toBe('incomplete')
      }),
    )
  })
})

it('never throws, and never takes more than there is', () => {
  const begun = fc.oneof(
    fc.constantFrom('PROXY ', 'PROXY TCP4 ', 'PROXY UNKNOWN').map((text) => Buffer.from(text)),
    fc.constantFrom('', '20', '21', '2111', '2121000c', '2131').map((hex) => Buffer.from(`${SIGNATURE}${hex}`, 'hex')),
    fc.constant(Buffer.alloc(0)),
  )
  fc.assert(
    fc.property(begun, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
      const bytes = Buffer.concat([start, rest])
      const reading = readProxyHeader(bytes)
      if (typeof reading !== 'string') expect(reading.length).toBeLessThanOrEqual(bytes.length)
    }),
  )
})
