// A real nginx in front of the tracker, with clients whose own addresses are in a trusted range: both ways of appending
// `$remote_addr`, with any header from the client.

import { existsSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ChildServer, freePort, makeFolder, removeFolder } from '../databases/child-server.ts'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { decodeMap } from '../fixtures/bencode.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { aDocument } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

/** Debian's path, which is not in every user's PATH. */
const NGINX = '/usr/sbin/nginx'
const describeIfPossible = existsSync(NGINX) || process.env['CI'] === 'true' ? describe : describe.skip

const LISTENER = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8"]
`

/** Keeps all files in nginx's start folder. */
function configuration(port: number, tracker: string, forwarded: string) {
  return `
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
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass ${tracker};
      proxy_set_header X-Forwarded-For ${forwarded};
    }
  }
}
`
}

/**
 * Announces as a client at `address` that sends this header itself: returns its external address and the peers it
 * receives.
 */
async function announce(port: number, infoHash: Buffer, address: string, header?: string) {
  const options = {
    port,
    path: announceTarget(infoHash),
    localAddress: address,
    agent: false,
    headers: header === undefined ? {} : { 'X-Forwarded-For': header },
  }
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

describeIfPossible.each([
  ['$proxy_add_x_forwarded_for', '$proxy_add_x_forwarded_for'],
  ['the header of the client, a comma and $remote_addr', '"$http_x_forwarded_for, $remote_addr"'],
])('behind an nginx that sends %s', (_, forwarded) => {
  const folder = makeFolder('nginx', undefined)
  let tracker: TrackerProcess
  let nginx: ChildServer
  let port: number

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ more: LISTENER }))
    port = await freePort()
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, configuration(port, tracker.http[0] ?? '', forwarded))
    const args = ['-p', folder, '-c', file, '-e', 'stderr']
    nginx = new ChildServer({ command: NGINX, args, readyText: 'start worker process' }, folder, undefined)
    await nginx.start()
  })
  afterAll(async () => {
    await nginx.stop()
    await tracker[Symbol.asyncDispose]()
    removeFolder(folder)
  })

  it.each([
    { client: '127.0.0.2', header: undefined, listed: '127.0.0.2' },
    { client: '127.0.0.1', header: undefined, listed: '127.0.0.1' },
    { client: '127.0.0.2', header: '', listed: '127.0.0.2' },
    { client: '127.0.0.2', header: ' , ,', listed: '127.0.0.2' },
    { client: '127.0.0.2', header: 'unknown', listed: '127.0.0.2' },
    { client: '127.0.0.2', header: '127.0.0.9', listed: '127.0.0.9' },
    { client: '127.0.0.2', header: '99.9.9.9', listed: '99.9.9.9' },
    { client: '127.0.0.2', header: '66.6.6.6, 99.9.9.9', listed: '99.9.9.9' },
  ])('lists a client at $client that sends $header as $listed', async ({ client, header, listed }) => {
    const infoHash = anInfoHash()
    expect(await announce(port, infoHash, client, header)).toEqual({ failure: undefined, external: listed, peers: [] })
    expect(await announce(port, infoHash, '127.0.0.8')).toEqual({
      failure: undefined,
      external: '127.0.0.8',
      peers: [`${listed}:51413`],
    })
  })
})
