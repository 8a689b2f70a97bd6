// An independent reading of announce URLs, with regular expressions and strings: routes, keys and pairs (HTTP-01 to
// HTTP-07, UDP-27 to UDP-29). One character is one byte.

const MAX_PAIRS = 128

export interface ReadUrl {
  readonly route: 'announce' | 'scrape' | undefined
  /** A well-formed key. */
  readonly key: string | undefined
  readonly query: string
}

/** The bytes of an escaped text; undefined if an escape is malformed. */
export function unescaped(text: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined
  const spaced = text.replaceAll('+', ' ')
  return spaced.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

function keyOf(escaped: string): string | undefined {
  const key = unescaped(escaped)
  return key !== undefined && /^[0-9A-Za-z]{32}$/.test(key) ? key : undefined
}

/** Pairs with decoded names and values that are still escaped; undefined if there are too many. */
export function pairsOf(query: string): readonly (readonly [name: string, value: string])[] | undefined {
  const parts = query.split('&').filter((part) => part !== '')
  const pairs = parts.slice(0, MAX_PAIRS).flatMap((part) => {
    const at = part.indexOf('=')
    return at < 0 ? [] : [[unescaped(part.slice(0, at)) ?? '', part.slice(at + 1)] as const]
  })
  return parts.length > MAX_PAIRS ? undefined : pairs
}

const PATH = /^\/(?:(announce|scrape)(?:\/([^/]+))?|([^/]+)\/(announce|scrape))\/?$/s

export function readUrl(url: string): ReadUrl {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const match = PATH.exec(path)
  const route = (match?.[1] ?? match?.[4]) as ReadUrl['route']
  const inPath = keyOf(match?.[2] ?? match?.[3] ?? '')
  const inQuery = (pairsOf(query) ?? []).filter(([name]) => name === 'passkey').at(-1)?.[1]
  return { route, key: inPath ?? (inQuery === undefined ? undefined : keyOf(inQuery)), query }
}

/** The URLData of BEP 41 options; undefined if there is none. */
export function urlDataOf(options: string): string | undefined {
  const data: string[] = []
  for (let rest = options; rest !== '' && rest[0] !== '\0'; ) {
    if (rest[0] === '\x01') {
      rest = rest.slice(1)
      continue
    }
    const end = 2 + (rest.length < 2 ? Number.POSITIVE_INFINITY : rest.charCodeAt(1))
    if (end > rest.length) break
    if (rest[0] === '\x02') data.push(rest.slice(2, end))
    rest = rest.slice(end)
  }
  return data.length === 0 ? undefined : data.join('').slice(0, 2048)
}
