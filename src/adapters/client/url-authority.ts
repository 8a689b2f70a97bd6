// Host and port as URLs write them (RFC 3986, section 3.2): IPv6 addresses are in brackets.

export const writeAuthority = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`
