// aria2 and Transmission exchange a file through the tracker, each on a machine of its own: DHT, peer exchange and local
// discovery are off and the torrent is private, so the tracker is the only way in which they can have met.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { makeTorrent, sha256 } from '../fixtures/torrent-files.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { isNetworkAvailable, Network } from './network.ts'
import {
  areProgramsInstalled,
  aria2,
  type StartProgram,
  type TorrentProgram,
  transmission,
} from './torrent-programs.ts'
import { ROOT, TrackerProcess } from './tracker-process.ts'

const isPossible = isNetworkAvailable() && areProgramsInstalled()
if (!isPossible) {
  console.warn('SKIPPED: no file is exchanged. It takes root on Linux (network namespaces), aria2 and Transmission.')
}
// In CI the suite runs whatever is missing, and fails.
const describeIfPossible = isPossible || process.env['CI'] === 'true' ? describe : describe.skip

const FILE_BYTES = 3_000_000
const PROGRAMS: Readonly<Record<string, StartProgram>> = { aria2, transmission }

describeIfPossible.each(DRIVERS)('through a tracker with the %s driver', (driver) => {
  let network: Network
  let tracker: TrackerProcess
  let folder: string
  let running: TorrentProgram[]

  beforeAll(async () => {
    network = Network.create('tracker', 'seed', 'leech')
    const { ipv4, ipv6, within } = network.machine('tracker')
    const addresses = [`${ipv4}:6969`, `[${ipv6}]:6969`]
    tracker = await TrackerProcess.start(aDocument({ udp: addresses, http: addresses, driver }), { within })
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'swarm-'))
    running = []
  })
  afterEach(async () => {
    await Promise.all(running.map((program) => program.quit()))
    rmSync(folder, { recursive: true, force: true })
  })
  afterAll(async () => {
    await tracker?.[Symbol.asyncDispose]()
    network?.remove()
  })

  it.each([
    ['transmission', 'aria2', 'udp', 'ipv4'],
    ['aria2', 'transmission', 'udp', 'ipv4'],
    ['transmission', 'transmission', 'udp', 'ipv6'],
    ['transmission', 'aria2', 'http', 'ipv4'],
    ['aria2', 'transmission', 'http', 'ipv4'],
    ['transmission', 'aria2', 'http', 'ipv6'],
    ['aria2', 'transmission', 'http', 'ipv6'],
  ] as const)(
    '%s gives a file to %s over %s and %s',
    async (seeding, leeching, protocol, family) => {
      const { ipv4, ipv6 } = network.machine('tracker')
      const url = `${protocol}://${family === 'ipv4' ? ipv4 : `[${ipv6}]`}:6969`
      const torrent = makeTorrent(folder, `${url}/announce`, FILE_BYTES)
      const target = join(folder, 'downloads')
      mkdirSync(target)
      const start = async (name: string, machine: string, content: string, isSeed: boolean) => {
        const program = await (PROGRAMS[name] as StartProgram)({
          machine: network.machine(machine),
          torrent,
          protocol,
          folder: content,
          isSeed,
        })
        running.push(program)
        return program
      }
      const counts = async () => {
        const program = join(ROOT, 'test/e2e/ask-counts.ts')
        const words = [process.execPath, program, url, torrent.infoHash.toString('hex')]
        return (await network.run('seed', ...words)).trim()
      }
      const countsToBe = async (wanted: string) => {
        // The tracker is asked until it says so; Jest's patience is the limit.
        while ((await counts()) !== wanted);
      }

      await start(seeding, 'seed', join(folder, 'content'), true)
      await countsToBe('1/0/0')
      const leecher = await start(leeching, 'leech', target, false)
      await leecher.downloaded()

      expect(sha256(readFileSync(join(target, torrent.name)))).toBe(torrent.digest)
      // aria2 leaves once it has everything.
      await countsToBe(leeching === 'aria2' ? '1/1/0' : '2/1/0')
      await Promise.all(running.splice(0).map((program) => program.quit()))
      await countsToBe('0/1/0')
    },
    180_000,
  )
})
