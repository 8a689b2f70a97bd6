// IP addresses between text and network bytes, for the edges where Node deals in text. Reading IPv4 allocates nothing,
// because the dgram driver does it for every datagram.

const DOT = 0x2e
const ZERO = 0x30

export const isIPv6Text = (address: string): boolean => address.includes(':')

/** Writes the 4 or 16 bytes of a valid address; a zone suffix (`fe80::1%eth0`) is left out. */
export const writeAddress = (bytes: Uint8Array, at: number, address: string): void => {
  if (isIPv6Text(address)) writeIPv6(bytes, at, address)
  else writeIPv4(bytes, at, address)
}

const writeIPv4 = (bytes: Uint8Array, at: number, address: string): void => {
  let byte = 0
  let next = at
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index)
    if (code === DOT) {
      bytes[next++] = byte
      byte = 0
    } else {
      byte = byte * 10 + code - ZERO
    }
  }
  bytes[next] = byte
}

const writeIPv6 = (bytes: Uint8Array, at: number, address: string): void => {
  const [text] = address.split('%', 1)
  const [head, tail] = text.split('::', 2)
  bytes.fill(0, at, at + 16)
  writeGroups(bytes, at, head)
  if (tail !== undefined) writeGroups(bytes, at + 16 - groupBytes(tail), tail)
}

/** How many bytes colon-separated groups take; the last may be an IPv4 address. */
const groupBytes = (groups: string): number => {
  if (groups === '') return 0
  return 2 * groups.split(':').length + (groups.includes('.') ? 2 : 0)
}

const writeGroups = (bytes: Uint8Array, at: number, groups: string): void => {
  if (groups === '') return
  let next = at
  for (const group of groups.split(':')) {
    if (group.includes('.')) {
      writeIPv4(bytes, next, group)
    } else {
      const value = Number.parseInt(group, 16)
      bytes[next++] = value >>> 8
      bytes[next++] = value & 0xff
    }
  }
}

/** Text of the address in network bytes: dotted decimal for 4, colon-separated hexadecimal for 16. */
export const readAddress = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return bytes.join('.')
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] << 8) | bytes[at + 1]).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
