// The example rules of the documentation are accepted by nft itself, in a network namespace of their own.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

function rulesOf(page: string): string {
  return /^```nft\n([\s\S]*?)^```$/m.exec(readFileSync(page, 'utf8'))?.[1] ?? ''
}

const PAGES = ['docs/firewall.md', 'docs/operating.md']

function loads(input: string) {
  const { status, stderr } = spawnSync('unshare', ['--net', 'nft', '--check', '--file', '-'], {
    input,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  })
  return { status, stderr }
}

const isAvailable = loads('').status === 0
if (!isAvailable) {
  if (process.env['CI']) throw new Error('the firewall example needs nftables, and root')
  console.warn('SKIPPED: the firewall example needs nftables, and root')
}
const testWithNft = isAvailable ? test : test.skip

test.each(PAGES)('%s has rules', (page) => {
  expect(rulesOf(page)).toContain('udp dport 6969')
  expect(rulesOf(page)).toContain('notrack')
})

testWithNft.each(PAGES)('nft accepts the rules of %s, and would refuse faulty ones', (page) => {
  expect(loads(rulesOf(page))).toEqual({ status: 0, stderr: '' })
  expect(loads(`${rulesOf(page)}\nnonsense`).status).toBe(1)
})

/** Sends datagrams over the loopback device of a namespace with the rules; prints the names of those that arrive. */
const PROBE = `
const { createSocket } = require('node:dgram')
const { once } = require('node:events')
const bytes = (text) => Buffer.from(text, 'hex')
const datagrams = {
  connect: bytes('00000417271019800000000001020304'),
  announce: Buffer.concat([bytes('0123456789abcdef0000000101020304'), Buffer.alloc(82)]),
  scrape: Buffer.concat([bytes('0123456789abcdef0000000201020304'), Buffer.alloc(20)]),
  magic: bytes('00000417271019810000000001020304'),
  unknown: bytes('0123456789abcdef0000000301020304'),
  negative: bytes('0123456789abcdefffffffff01020304'),
  short: bytes('000004172710198000000000010203'),
  last: bytes('00000417271019800000000001020304'),
}
const run = async (family, address) => {
  const server = createSocket(family)
  server.bind(6969, address)
  await once(server, 'listening')
  const client = createSocket(family)
  let arrived = 0
  server.on('message', () => arrived++)
  for (const [name, datagram] of Object.entries(datagrams)) {
    const before = arrived
    client.send(datagram, 6969, address)
    // What arrives over loopback has arrived when the send is done, and is read in the next turns of the event loop.
    for (let turn = 0; turn < 50 && arrived === before; turn++) await new Promise(setImmediate)
    if (arrived > before) console.log(family, name)
  }
  client.close()
  server.close()
}
run('udp4', '127.0.0.1').then(() => run('udp6', '::1'))
`

testWithNft('the rules for an attack let requests pass and nothing else', () => {
  const script = 'ip link set lo up && nft -f - && exec "$0" -e "$1"'
  const { stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', script, process.execPath, PROBE], {
    input: rulesOf('docs/operating.md'),
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  })
  const expected = ['udp4', 'udp6'].flatMap((family) =>
    ['connect', 'announce', 'scrape', 'last'].map((name) => `${family} ${name}\n`),
  )
  expect({ stdout, stderr }).toEqual({ stdout: expected.join(''), stderr: '' })
})
