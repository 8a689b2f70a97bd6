// The correctness probe: what each tracker does with the same few questions. A tracker that answers less has less to
// do.

import { randomBytes } from 'node:crypto'
import { errorMessage } from '../../../src/domain/error-message.ts'
import type { Table } from '../bench.ts'
import type { Contender } from './contender.ts'
import { openProbeClient, type ProbeClient } from './probe-client.ts'

const CROWD = 120
const FIRST_PORT = 20_000
const WANTED = [10, 50, 100, 200]
const SCRAPED = [1, 10, 74, 100]

export interface ProbeResult {
  /** By how many were asked for. */
  readonly peers: readonly number[]
  readonly seedersForSeeder: number
  readonly leechersForSeeder: number
  readonly hasOwnAddress: boolean
  readonly forgedId: string
  /** Rows of a scrape, by how many were asked for; undefined: no reply. */
  readonly scraped: readonly (number | undefined)[]
}

export interface Probed {
  readonly name: string
  readonly result: ProbeResult | undefined
  readonly failure?: string
}

function peerIdOf(port: number): string {
  return `-qB5030-${String(port).padStart(12, '0')}`
}

async function join(client: ProbeClient, infoHash: Uint8Array, port: number, isSeeding: boolean, numwant = 0) {
  return await client.announce({ infoHash, peerId: peerIdOf(port), port, isSeeding, numwant })
}

/** A tracker with a list must know the hashes: `infoHashes` has enough of them, or is empty. */
export async function probe(contender: Contender, infoHashes: readonly Uint8Array[]): Promise<ProbeResult> {
  const client = await openProbeClient(contender)
  const hash = (index: number): Uint8Array => infoHashes[index] ?? randomBytes(20)
  const [crowded, mixed] = [hash(0), hash(1)]
  try {
    for (let peer = 0; peer < CROWD; peer++) await join(client, crowded, FIRST_PORT + peer, false)
    const peers: number[] = []
    for (const numwant of WANTED) peers.push((await join(client, crowded, FIRST_PORT, false, numwant)).length)
    for (let peer = 0; peer < 10; peer++) await join(client, mixed, FIRST_PORT + peer, peer < 5)
    const forSeeder = await join(client, mixed, FIRST_PORT, true, 50)
    const scraped: (number | undefined)[] = []
    for (const count of SCRAPED) {
      scraped.push(await client.scrape(Array.from({ length: count }, (_, index) => hash(2 + index))))
    }
    return {
      peers,
      seedersForSeeder: forSeeder.filter((port) => port > FIRST_PORT && port < FIRST_PORT + 5).length,
      leechersForSeeder: forSeeder.filter((port) => port >= FIRST_PORT + 5).length,
      hasOwnAddress: forSeeder.includes(FIRST_PORT),
      forgedId: await client.forgedId(mixed),
      scraped,
    }
  } finally {
    client.close()
  }
}

/** A tracker that refuses a question costs its own row only: undefined, and why. */
export async function probeAll(
  contenders: readonly Contender[],
  infoHashes: readonly Uint8Array[],
): Promise<readonly Probed[]> {
  const probed: Probed[] = []
  for (const contender of contenders) {
    const { name } = contender
    try {
      probed.push({ name, result: await probe(contender, infoHashes) })
    } catch (error) {
      probed.push({ name, result: undefined, failure: errorMessage(error) })
    }
  }
  return probed
}

export function probeTable(results: readonly Probed[]): Table {
  return {
    title: 'Answers to the same questions',
    columns: [
      'tracker',
      `peers of ${CROWD} for ${WANTED.join(', ')} wanted`,
      'a seeder gets seeders, leechers (4, 5 there)',
      'own address',
      'forged connection id',
      `scrape rows for ${SCRAPED.join(', ')}`,
    ],
    rows: results.map(({ name, result, failure = '' }) => [
      name,
      ...(result === undefined ? [failure, '-', '-', '-', '-'] : cellsOf(result)),
    ]),
  }
}

function cellsOf(result: ProbeResult): readonly string[] {
  return [
    `${result.peers.join(', ')}`,
    `${result.seedersForSeeder}, ${result.leechersForSeeder}`,
    result.hasOwnAddress ? 'YES' : 'no',
    result.forgedId,
    `${result.scraped.map((rows) => rows ?? 'none').join(', ')}`,
  ]
}
