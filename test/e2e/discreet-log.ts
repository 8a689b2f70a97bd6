// What a tracker's log must not contain (SEC-40 to SEC-42), searched when the process has ended: secrets of its
// configuration and its secret files, what clients of this test file have sent, and addresses of clients.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parse } from 'smol-toml'

/** Shorter texts may be words of a message. */
const MIN_SECRET_LENGTH = 8
/** A crowd sends more than anyone wants to search for. */
const MAX_SENT = 5000
const PEER_ID_AT = 36
const OPTIONS_AT = 98

/** By text: what it is. */
const sent = new Map<string, string>()

function noteSecret(text: string, what: string): void {
  if (text.length >= MIN_SECRET_LENGTH && sent.size < MAX_SENT) sent.set(text, what)
}

/** Notes the keys, tokens, peer ids and header values in what a client sends over HTTP. */
export function noteRequest(request: string | Uint8Array): void {
  const text = typeof request === 'string' ? request : Buffer.from(request).toString('latin1')
  const [line = '', ...headers] = text.split('\r\n\r\n', 1).join('').split('\r\n')
  for (const [, key = ''] of line.matchAll(/\/([0-9A-Za-z]{32})(?=[/? ])/g)) noteSecret(key, 'a key in a path')
  for (const [, name = '', value = ''] of line.matchAll(/[?&](passkey|token|peer_id)=([^& ]+)/g))
    noteSecret(value, name)
  for (const header of headers) {
    const [, name = '', value = ''] = /^(authorization|user-agent|cookie|referer): *(.*)$/i.exec(header) ?? []
    noteSecret(value.replace(/^bearer +/i, ''), name.toLowerCase())
  }
}

/** Notes the peer id and the key in an announce, and the connection id. */
export function noteDatagram(datagram: Uint8Array): void {
  const bytes = Buffer.from(datagram)
  if (bytes.length < OPTIONS_AT) return
  noteSecret(bytes.toString('hex', 0, 8), 'a connection id')
  noteSecret(bytes.toString('latin1', PEER_ID_AT, PEER_ID_AT + 20), 'a peer id')
  noteSecret(bytes.toString('hex', PEER_ID_AT, PEER_ID_AT + 20), 'a peer id')
  for (const [key] of bytes.toString('latin1', OPTIONS_AT).matchAll(/[0-9A-Za-z]{32}/g)) noteSecret(key, 'a key')
}

export interface EndedTracker {
  readonly lines: readonly string[]
  readonly errors: string
  /** The configuration, whose addresses may be shown. */
  readonly document: string
  readonly environment: NodeJS.ProcessEnv
  readonly args: readonly string[]
  readonly directory: string
}

/** What the log should not contain, each with its line; empty if there is none. */
export function indiscretionsOf(tracker: EndedTracker): string[] {
  const secrets = [...sent, ...secretOptions(tracker), ...secretFiles(tracker.directory)]
  const searched = secrets.map(([text, what]) => ({ what, spellings: spellingsOf(text) }))
  return [...tracker.lines, ...tracker.errors.split('\n')].flatMap((line) => {
    // Torrents are no secret, and some probes announce theirs as their peer id.
    const rest = line.replaceAll(/"infoHash":"[0-9a-f]{40}"/g, '')
    return [
      ...searched.flatMap(({ what, spellings }) =>
        spellings.some((one) => rest.includes(one)) ? [`${what}: ${line}`] : [],
      ),
      ...controlsIn(line),
      ...addressesIn(line, tracker),
    ]
  })
}

/** As it is, in JSON, and in a URL. */
function spellingsOf(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)])]
}

/** In JSON; any other style is for people, on a terminal. */
function controlsIn(line: string): string[] {
  return line.startsWith('{') && /[\p{Cc}\p{Zl}\p{Zp}]/u.test(line)
    ? [`a control character: ${JSON.stringify(line)}`]
    : []
}

/** Values of options that are secret, also in the URL of a database. */
function secretOptions({ document, environment }: EndedTracker): [string, string][] {
  const found = Object.entries(environment).flatMap(([name, text = '']): [string, string][] =>
    /PASSWORD|TOKEN/.test(name) && !/FILE/.test(name) ? [[text, name]] : [],
  )
  const walk = (value: unknown, option: string): void => {
    if (typeof value === 'object' && value !== null) {
      const isTokens = /^(access|read)_tokens$/.test(option)
      for (const [name, inner] of Object.entries(value)) walk(inner, isTokens ? 'token' : name)
    } else if (typeof value === 'string' && /^(password|token)$/.test(option)) found.push([value, option])
    else if (typeof value === 'string' && URL.canParse(value)) {
      const password = decodeURIComponent(new URL(value).password)
      found.push([password, 'the password in a URL'])
    }
  }
  try {
    walk(parse(document), '')
  } catch {
    // A document that is not TOML is refused; what of it is shown is tested with the settings.
  }
  return found.filter(([text]) => text.length >= MIN_SECRET_LENGTH)
}

/** Tokens and keys that the tracker has made: small files that only their owner may read. */
function secretFiles(directory: string): [string, string][] {
  if (!existsSync(directory)) return []
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.flatMap(({ parentPath, name }): [string, string][] => {
    const path = join(parentPath, name)
    const stats = statSync(path, { throwIfNoEntry: false })
    const isSecret = stats !== undefined && (stats.mode & 0o077) === 0 && stats.size >= 16 && stats.size <= 128
    if (!isSecret || /\.(pid|lock|db)$/.test(name)) return []
    const bytes = readFileSync(path)
    return [bytes.toString('utf8').trim(), bytes.toString('hex'), bytes.toString('base64')].map((text) => [text, name])
  })
}

const ADDRESS = /\[([0-9a-f:.]+(?:%\w+)?)\](?::(\d+))?|(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?::(\d+))?/gi
const CUT = /\.0$|::$|^::1$/

/** Addresses of neither a listener nor the configuration, in full. */
function addressesIn(line: string, { lines, document, environment, args }: EndedTracker): string[] {
  const configuration = [document, ...Object.values(environment), ...args].join(' ')
  const traced = lines.flatMap((one) => /tracing (\S+) for/.exec(one)?.slice(1) ?? [])
  return [...line.matchAll(ADDRESS)].flatMap(([text, ipv6, ipv6Port, ipv4, ipv4Port]) => {
    const address = ipv6 ?? ipv4 ?? ''
    if (isIP(address) === 0 || configuration.includes(address) || traced.includes(address)) return []
    const port = ipv6Port ?? ipv4Port
    const isListener = lines.some((one) => /Start(?:ed|ing) on: /.test(one) && one.includes(text))
    const isLoopback = port === undefined && (address === '127.0.0.1' || address === '::1')
    return CUT.test(address) || isListener || isLoopback ? [] : [`an address: ${line}`]
  })
}
