// aria2, Transmission and libtorrent exchange files through the tracker, each on a machine of its own: DHT, peer
// exchange and local discovery are off and the torrents private, so they can only meet through the tracker. All
// exchanges run at once, because clients are slow; each test waits for its own. A client whose first announce or
// connection is lost tries again after a minute or more, so each has five.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeTorrent, sha256 } from '../fixtures/torrent-files.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { isNetworkAvailable, Network } from './network.ts'
import { areProgramsInstalled, aria2, libtorrent, type TorrentProgram, transmission } from './torrent-programs.ts'
import { ROOT, TrackerProcess } from './tracker-process.ts'

const isPossible = isNetworkAvailable() && areProgramsInstalled()
if (!isPossible) {
  console.warn(
    'SKIPPED: no file is exchanged. It takes root on Linux (network namespaces), aria2, Transmission, libtorrent.',
  )
}
// In CI the suite always runs, and fails if something is missing.
const describeIfPossible = isPossible || process.env['CI'] === 'true' ? describe : describe.skip

const FILE_BYTES = 3_000_000
const PROGRAMS = { aria2, libtorrent, transmission }

/**
 * The seeder, the downloader, and how they talk to the tracker. aria2 1.36 and Transmission 3.00 do not support IPv6
 * peers over UDP, so libtorrent replaces both there.
 */
const EXCHANGES = [
  ['transmission', 'aria2', 'udp', 'ipv4'],
  ['aria2', 'transmission', 'udp', 'ipv4'],
  ['aria2', 'libtorrent', 'udp', 'ipv4'],
  ['libtorrent', 'libtorrent', 'udp', 'ipv6'],
  ['transmission', 'aria2', 'http', 'ipv4'],
  ['aria2', 'transmission', 'http', 'ipv4'],
  ['transmission', 'aria2', 'http', 'ipv6'],
  ['aria2', 'transmission', 'http', 'ipv6'],
  ['libtorrent', 'transmission', 'http', 'ipv6'],
] as const
type Exchange = (typeof EXCHANGES)[number]

describeIfPossible.each(DRIVERS)('through a tracker with the %s driver', (driver) => {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-'))
  const programs: TorrentProgram[] = []
  const exchanged = new Map<Exchange, Promise<{ sent: string; received: string }>>()
  let network: Network
  let tracker: TrackerProcess

  beforeAll(async () => {
    network = Network.create('tracker', ...EXCHANGES.flatMap((_exchange, index) => [`seed${index}`, `leech${index}`]))
    const { ipv4, ipv6, within } = network.machine('tracker')
    const addresses = [`${ipv4}:6969`, `[${ipv6}]:6969`]
    tracker = await TrackerProcess.start(aDocument({ udp: addresses, http: addresses, driver }), { within })
    for (const [index, exchange] of EXCHANGES.entries()) {
      const files = exchangeFiles(exchange, index)
      // Checked by its own test.
      files.catch(() => undefined)
      exchanged.set(exchange, files)
    }
  })
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()))
    await tracker?.[Symbol.asyncDispose]()
    network?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  /**
   * Digests of what the seed had and what the leecher got. Throws if the tracker's counts are wrong on the way.
   */
  async function exchangeFiles([seeding, leeching, protocol, family]: Exchange, index: number) {
    const host = network.machine('tracker')
    const url = `${protocol}://${family === 'ipv4' ? host.ipv4 : `[${host.ipv6}]`}:6969`
    const [own, target] = [`${index}`, `${index}-downloads`].map((name) => join(folder, name)) as [string, string]
    for (const each of [own, target]) mkdirSync(each)
    const torrent = makeTorrent(own, `${url}/announce`, FILE_BYTES)
    const start = async (name: keyof typeof PROGRAMS, machine: string, content: string) => {
      const job = { machine: network.machine(machine), torrent, protocol, family, folder: content }
      const program = await PROGRAMS[name](job)
      programs.push(program)
      return program
    }
    const countsToBe = (counts: string) => {
      const words = [join(ROOT, 'test/e2e/await-counts.ts'), url, torrent.infoHash.toString('hex'), counts]
      return network.run('tracker', process.execPath, ...words)
    }

    const seed = await start(seeding, `seed${index}`, join(own, 'content'))
    await countsToBe('1/0/0')
    const leecher = await start(leeching, `leech${index}`, target)
    await leecher.downloaded()
    await countsToBe('2/1/0')
    await seed.leave()
    await countsToBe('1/1/0')
    return { sent: torrent.digest, received: sha256(readFileSync(join(target, torrent.name))) }
  }

  it.each(EXCHANGES)(
    '%s gives a file to %s over %s and %s',
    async (...[seeding, leeching, protocol, family]) => {
      const exchange = EXCHANGES.find((each) => each.join() === [seeding, leeching, protocol, family].join())
      const files = await exchanged.get(exchange as Exchange)
      expect(files?.received).toBe(files?.sent)
      expect(files?.received).toMatch(/^[0-9a-f]{64}$/)
    },
    300_000,
  )
})
