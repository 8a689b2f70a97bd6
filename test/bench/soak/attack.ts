// One attack, as a program of its own: `attack.ts NAME HOST UDP-PORT HTTP-PORT`. It attacks until it is ended, from
// addresses of 127.0.0.0/8 that no client of the soak has.

import { randomBytes, randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket as TcpSocket } from 'node:net'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { announceDatagram, connectDatagram } from '../../fixtures/udp-datagrams.ts'

const [name = '', host = '', udpPort = '', httpPort = ''] = process.argv.slice(2)
const DATAGRAMS_A_TURN = 64
const SILENT_CONNECTIONS = 1300
const TARGET =
  '/announce?info_hash=%01%02%03%04%05%06%07%08%09%0a%0b%0c%0d%0e%0f%10%11%12%13%14&peer_id=-AA0001-abcdefghijkl&left=0'

interface Proven {
  readonly socket: Socket
  readonly id: Buffer
}

/** A socket of this address with a connection id, for as long as one is valid. */
async function prove(address: string): Promise<Proven> {
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  socket.connect(Number(udpPort), host)
  await once(socket, 'connect')
  for (;;) {
    socket.send(connectDatagram())
    const answer = await Promise.race([once(socket, 'message'), pause(300)])
    if (answer !== undefined && Buffer.isBuffer(answer[0])) return { socket, id: answer[0].subarray(8, 16) }
  }
}

/** `hashOf` is called for each announce. */
async function announceFrom(addresses: readonly string[], hashOf: (number: number) => Uint8Array): Promise<never> {
  const sources: Proven[] = []
  for (const address of addresses) sources.push(await prove(address))
  for (let number = 0; ; ) {
    for (let i = 0; i < DATAGRAMS_A_TURN; i++, number++) {
      const { socket, id } = sources[number % sources.length] ?? sources[0] ?? (await prove(host))
      socket.send(announceDatagram(id, { infoHash: hashOf(number), port: 1024 + randomInt(60_000) }))
    }
    await turn()
  }
}

/** A new torrent for every two announces. */
function twoPeerTorrents(): (number: number) => Uint8Array {
  let hash = randomBytes(20)
  return (number) => {
    if (number % 2 === 0) hash = randomBytes(20)
    return hash
  }
}

function dial(address: string): TcpSocket {
  const socket = connect({ host, port: Number(httpPort), localAddress: address })
  socket.on('error', () => {})
  return socket
}

/** Connections that send nothing, or a byte a second; those that are closed are opened again. */
async function hold(sendsBytes: boolean): Promise<never> {
  const open = (number: number): void => {
    const socket = dial(`127.202.${number % 4}.${1 + (number % 100)}`)
    socket.on('close', () => setTimeout(() => open(number), 10))
    if (!sendsBytes) return
    socket.write('GET /announce?')
    const slowly = setInterval(() => socket.write('x'), 1000)
    socket.on('close', () => clearInterval(slowly))
  }
  for (let number = 0; number < SILENT_CONNECTIONS; number++) open(number)
  for (;;) await pause(1000)
}

async function requestFromOneAddress(): Promise<never> {
  const request = `GET ${TARGET}&port=${1024} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
  const again = (): void => {
    const socket = dial('127.203.0.1')
    socket.on('connect', () => socket.write(request))
    socket.on('close', () => setImmediate(again))
    socket.resume()
  }
  for (let number = 0; number < 32; number++) again()
  for (;;) await pause(1000)
}

const ONE_HASH = Buffer.alloc(20, 7)
const ATTACKS: Readonly<Record<string, () => Promise<never>>> = {
  'one-swarm': () => announceFrom(['127.200.0.1'], () => ONE_HASH),
  'two-peer-torrents': () => announceFrom(['127.200.0.1'], twoPeerTorrents()),
  'torrents-of-a-16': () =>
    announceFrom(
      Array.from({ length: 256 }, (_, number) => `127.201.${number}.1`),
      twoPeerTorrents(),
    ),
  'half-open': () => hold(false),
  'slow-heads': () => hold(true),
  'http-requests': requestFromOneAddress,
}

await ATTACKS[name]?.()
process.exitCode = 2
