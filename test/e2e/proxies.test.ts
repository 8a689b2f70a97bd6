// Debian's nginx and HAProxy in front of the tracker: over TCP, with PROXY headers of both versions, and over Unix
// domain sockets. Whatever is between, each client is listed with its own address, and over both HTTP drivers.

import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ChildServer, freePort } from '../databases/child-server.ts'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { decodeMap } from '../fixtures/bencode.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { aDocument } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

/** Debian's paths, which are not in every user's PATH. */
const NGINX = '/usr/sbin/nginx'
const HAPROXY = '/usr/sbin/haproxy'
const isPossible = (existsSync(NGINX) && existsSync(HAPROXY)) || process.env['CI'] === 'true'
const describeIfPossible = isPossible ? describe : describe.skip

/** The proxies' connections come from 127.0.0.1, which no client has. */
const FORWARDED = 'on_reverse_proxy = true\ntrusted_proxies = ["127.0.0.1"]'
const PROXIED = 'proxy_protocol = true\ntrusted_proxies = ["127.0.0.1"]'

/** That of the user as which nginx serves if root starts it. */
const NGINX_GROUP = process.getuid?.() === 0 ? 'socket_group = "www-data"' : ''

type Address = (folder: string) => string
const overTcp: Address = () => '127.0.0.1:0'
const overUnix: Address = (folder) => `unix:${folder}/http.sock`

function nginx(port: number, tracker: string): string {
  return `
user www-data;
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  upstream muster {
    server ${tracker};
    keepalive 4;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://muster;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`
}

function haproxy(mode: 'http' | 'tcp', serverOptions: string) {
  return (port: number, tracker: string): string => `
defaults
  mode ${mode}
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  ${mode === 'http' ? 'option forwardfor' : ''}
frontend tracker
  bind 127.0.0.1:${port}
  default_backend muster
backend muster
  ${mode === 'http' ? 'option httpchk GET /health_check' : ''}
  server local ${tracker.replace('unix:', 'unix@')} ${serverOptions}
`
}

interface Proxy {
  readonly command: string
  readonly configuration: (port: number, tracker: string) => string
}

function nginxWith(): Proxy {
  return { command: NGINX, configuration: nginx }
}

function haproxyWith(mode: 'http' | 'tcp', serverOptions = ''): Proxy {
  return { command: HAPROXY, configuration: haproxy(mode, serverOptions) }
}

const open: AsyncDisposable[] = []
const folders: string[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-proxies-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}

/** Starts the proxy in front of the tracker; returns its port. */
async function start({ command, configuration }: Proxy, folder: string, tracker: string): Promise<number> {
  const port = await freePort()
  const file = join(folder, 'proxy.conf')
  writeFileSync(file, configuration(port, tracker))
  const [args, readyText] =
    command === NGINX
      ? [['-p', folder, '-c', file, '-e', 'stderr'], 'start worker process']
      : [['-W', '-db', '-f', file], 'Loading success']
  const server = new ChildServer({ command, args, readyText }, folder, undefined)
  await server.start()
  open.push({ [Symbol.asyncDispose]: () => server.stop() })
  return port
}

/** Announces from `localAddress`, and returns the client's own address as the tracker sees it, and the peers. */
async function announce(port: number, infoHash: Buffer, localAddress: string, headers = {}) {
  const options = { port, path: announceTarget(infoHash), localAddress, agent: false, headers }
  const answer = await new Promise<Buffer>((resolve, reject) => {
    request(options, (response) => buffer(response).then(resolve, reject))
      .on('error', reject)
      .end()
  })
  const reply = decodeMap(answer)
  const external = reply.get('external ip')
  return {
    failure: reply.get('failure reason'),
    external: typeof external === 'string' ? [...Buffer.from(external, 'latin1')].join('.') : undefined,
    peers: compactPeers(Buffer.from(String(reply.get('peers') ?? ''), 'latin1'), 6),
  }
}

interface Setup {
  readonly name: string
  readonly proxy: Proxy
  readonly network: string
  readonly address: Address
}

const SETUPS: readonly Setup[] = [
  { name: 'nginx, X-Forwarded-For', proxy: nginxWith(), network: FORWARDED, address: overTcp },
  { name: 'nginx, a Unix domain socket', proxy: nginxWith(), network: '', address: overUnix },
  { name: 'HAProxy, X-Forwarded-For', proxy: haproxyWith('http', 'check'), network: FORWARDED, address: overTcp },
  { name: 'HAProxy, PROXY 1', proxy: haproxyWith('tcp', 'send-proxy'), network: PROXIED, address: overTcp },
  { name: 'HAProxy, PROXY 2', proxy: haproxyWith('tcp', 'send-proxy-v2'), network: PROXIED, address: overTcp },
  {
    name: 'HAProxy, PROXY 2 with further fields, and checks',
    proxy: haproxyWith('http', 'send-proxy-v2 proxy-v2-options unique-id,crc32c check'),
    network: PROXIED,
    address: overTcp,
  },
  {
    name: 'HAProxy, PROXY 2, a Unix domain socket',
    proxy: haproxyWith('tcp', 'send-proxy-v2'),
    network: 'proxy_protocol = true',
    address: overUnix,
  },
]

describeIfPossible.each(['plain', 'node'] as const)('with the HTTP driver %s', (driver) => {
  it.each(SETUPS)('a client behind $name has its own address', async ({ proxy, network, address }) => {
    const folder = makeFolder()
    const group = address === overUnix ? NGINX_GROUP : ''
    const listener = `[[http_trackers]]\nbind_address = "${address(folder)}"\n${group}\n[http_trackers.network]\n${network}`
    const tracker = await TrackerProcess.start(aDocument({ httpDriver: driver, more: listener }))
    open.push(tracker)
    const port = await start(proxy, folder, (tracker.http[0] ?? '').replace('http://', ''))
    const infoHash = anInfoHash()
    const headers = { 'X-Forwarded-For': '66.6.6.6' }
    for (const [client, peers] of [
      ['127.0.0.2', []],
      ['127.0.0.3', ['127.0.0.2:51413']],
      ['127.0.0.4', ['127.0.0.2:51413', '127.0.0.3:51413']],
    ] as const) {
      const answer = await announce(port, infoHash, client, headers)
      expect({ ...answer, peers: answer.peers.toSorted() }).toEqual({ failure: undefined, external: client, peers })
    }
  })
})
