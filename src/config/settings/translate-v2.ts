// Translates a document of schema 2.0.0 to 3.0.0, and remembers where each value came from, so that errors refer to the
// original document.

import { readDatabaseUrl } from './database-url.ts'
import type { DocumentIssues } from './problems.ts'
import { isTable, type Path, pathKey, putAt, type Table, takeAt, valueAt } from './tree.ts'
import { unknownKey } from './unknown-key.ts'

/** Maps paths of the translated document to those of the original. */
export class OriginalPaths {
  readonly #from = new Map<string, Path>()

  add(to: Path, from: Path): void {
    this.#from.set(pathKey(to), from)
  }

  /** The original path of the value at `path`; `path` itself if it was not moved. */
  of(path: Path): Path {
    for (let length = path.length; length > 0; length--) {
      const from = this.#from.get(pathKey(path.slice(0, length)))
      if (from !== undefined) return [...from, ...path.slice(length)]
    }
    return path
  }
}

/** One translation: the document being changed, its origins and its issues. */
class Translation {
  readonly document: Table
  readonly origins = new OriginalPaths()
  readonly #findings: DocumentIssues

  constructor(document: Table, issues: DocumentIssues) {
    this.document = document
    this.#findings = issues
  }

  /** Paths of the listeners in an array of tables. */
  listeners(name: string): Path[] {
    const list = this.document[name]
    return Array.isArray(list) ? list.map((_, index) => [name, index]) : []
  }

  move(from: Path, to: Path): void {
    const value = takeAt(this.document, from)
    if (value !== undefined) this.put(value, from, to)
  }

  put(value: unknown, from: Path, to: Path): void {
    if (valueAt(this.document, to) !== undefined) {
      this.#findings.problem(from, 'is given twice: also under its name in schema 3.0.0')
    } else if (putAt(this.document, to, value)) this.origins.add(to, from)
    else this.#findings.problem(from, 'cannot be used: its parent is not a table')
  }
}

/** `core.net` is moved to each listener. Torrust wrote 0.0.0.0 for "no external address". */
function translateNet(translation: Translation, issues: DocumentIssues): void {
  const net: Path = ['core', 'net']
  const externalIp = takeAt(translation.document, [...net, 'external_ip'])
  const onReverseProxy = takeAt(translation.document, [...net, 'on_reverse_proxy'])
  const udp = translation.listeners('udp_trackers')
  const http = translation.listeners('http_trackers')
  if (externalIp !== undefined && externalIp !== '0.0.0.0' && externalIp !== '::') {
    for (const listener of [...udp, ...http]) {
      translation.put(externalIp, [...net, 'external_ip'], [...listener, 'network', 'external_ip'])
    }
  }
  if (onReverseProxy !== undefined) {
    for (const listener of http) {
      translation.put(onReverseProxy, [...net, 'on_reverse_proxy'], [...listener, 'network', 'on_reverse_proxy'])
    }
  }
  const rest = valueAt(translation.document, net)
  if (!isTable(rest)) return
  for (const key of Object.keys(rest)) {
    issues.warning([...net, key], `ignored: ${unknownKey(key, ['external_ip', 'on_reverse_proxy'])}`)
  }
  takeAt(translation.document, net)
}

/** TLS was on if both paths were given; empty strings meant "no TLS". */
function translateTls(translation: Translation, service: Path): void {
  const from = [...service, 'tsl_config']
  const tls = valueAt(translation.document, from)
  if (isTable(tls) && (tls['ssl_cert_path'] ?? '') === '' && (tls['ssl_key_path'] ?? '') === '') {
    takeAt(tls, ['ssl_cert_path'])
    takeAt(tls, ['ssl_key_path'])
    if (Object.keys(tls).length === 0) {
      takeAt(translation.document, from)
      return
    }
  }
  translation.move(from, [...service, 'tls_config'])
}

/** Each listener had its own ban threshold; here there is one, and the most lenient wins. */
function translateBans(translation: Translation): void {
  const to: Path = ['udp_tracker_server', 'max_connection_id_errors_per_ip']
  let max: { value: unknown; from: Path } | undefined
  for (const listener of translation.listeners('udp_trackers')) {
    const from = [...listener, 'max_connection_id_errors_per_ip']
    const value = takeAt(translation.document, from)
    const isMore = max === undefined || typeof value !== 'number' || value > Number(max.value)
    if (value !== undefined && isMore) max = { value, from }
  }
  if (max !== undefined) translation.put(max.value, max.from, to)
}

function translateDatabase(translation: Translation, issues: DocumentIssues): void {
  const at: Path = ['core', 'database']
  const core = valueAt(translation.document, ['core'])
  const named = valueAt(translation.document, [...at, 'driver'])
  const driver = named === 'mariadb' ? 'mysql' : named
  if (isTable(core) && core['database'] === undefined) {
    // In schema 2.0.0 a tracker has a database in any case: its API changes lists and keys that nothing enforces yet.
    core['database'] = { driver: 'sqlite3' }
    return
  }
  if (driver !== 'mysql' && driver !== 'postgresql') return
  const path = [...at, 'path']
  const url = takeAt(translation.document, path)
  // A document with our own `url` needs no path.
  if (url === undefined && valueAt(translation.document, [...at, 'url']) !== undefined) return
  const read = readDatabaseUrl(driver, typeof url === 'string' ? url : '')
  if ('complaint' in read) {
    issues.problem(path, read.complaint)
    takeAt(translation.document, at)
    return
  }
  for (const [name, value] of Object.entries(read.options)) translation.put(value, path, [...at, name])
}

/** Changes the document in place. */
export function translateV2(document: Table, issues: DocumentIssues): OriginalPaths {
  const translation = new Translation(document, issues)
  translation.move(['logging', 'threshold'], ['logging', 'trace_filter'])
  translateNet(translation, issues)
  translateBans(translation)
  translateDatabase(translation, issues)
  for (const listener of [...translation.listeners('udp_trackers'), ...translation.listeners('http_trackers')]) {
    translation.move([...listener, 'ipv6_v6only'], [...listener, 'network', 'ipv6_v6only'])
  }
  for (const service of [...translation.listeners('http_trackers'), ['http_api']]) translateTls(translation, service)
  return translation.origins
}
