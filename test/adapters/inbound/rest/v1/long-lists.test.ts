import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { probeHttp, probeUdpTracker } from '../../../../../src/adapters/client/service-probe.ts'
import { openHealthListener } from '../../../../../src/adapters/inbound/health/health-server.ts'
import type { RunningTracker } from '../../../../../src/adapters/inbound/health/running-tracker.ts'
import { EventLoopPause } from '../../../../../src/adapters/outbound/system/event-loop-pause.ts'
import { TorrentCatalogue } from '../../../../../src/application/torrent-catalogue.ts'
import { AnnounceRequest } from '../../../../../src/domain/announce.ts'
import type { Cancellation } from '../../../../../src/domain/cancellation.ts'
import type { TorrentRow } from '../../../../../src/domain/ports/inbound/torrent-queries.ts'
import type { Pause } from '../../../../../src/domain/ports/outbound/pause.ts'
import type { SwarmRegistry } from '../../../../../src/domain/swarm/swarm-registry.ts'
import { StoppedClock } from '../../../../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest } from '../../../../model/announcing.ts'
import { SeededRandom } from '../../../../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../../../../model/world.ts'
import { closeAll, listen, MANAGER } from '../rest-fixture.ts'

const TORRENTS = 300_000
const ALL = '/api/v1/torrents?limit=4294967295'
const closing: (() => Promise<void>)[] = []

/** Gives the event loop a turn, as in the tracker. */
class WatchedPause implements Pause {
  rests = 0
  meanwhile: () => void = () => {}
  readonly #pause = new EventLoopPause()

  async rest(): Promise<void> {
    this.rests++
    this.meanwhile()
    await this.#pause.rest()
  }
}

class WatchedCatalogue extends TorrentCatalogue {
  pieces = 0
  rows = 0
  inProgress = 0

  override async *list(offset: number, limit: number, signal?: Cancellation): AsyncGenerator<readonly TorrentRow[]> {
    this.inProgress++
    try {
      for await (const piece of super.list(offset, limit, signal)) {
        this.pieces++
        this.rows += piece.length
        yield piece
      }
    } finally {
      this.inProgress--
    }
  }
}

function filled(): SwarmRegistry {
  const registry = aRegistry(1, 20_000, 128 * 2 ** 20)
  const random = new SeededRandom(3)
  const request = fillRequest(
    new AnnounceRequest(),
    anAnnounce({ endpoint: anEndpoint([20, 0, 0, 1], 6881), numwant: 0 }),
  )
  const reply = aReply()
  for (let n = 0; n < TORRENTS; n++) {
    request.clearPrefetched()
    for (let i = 0; i < 5; i++) request.words[i] = random.word()
    registry.announce(request, reply)
  }
  return registry
}

function turn(): Promise<void> {
  return new EventLoopPause().rest()
}

describe('a list of 300,000 torrents', () => {
  let registry: SwarmRegistry
  let pause: WatchedPause
  let torrents: WatchedCatalogue

  beforeAll(() => {
    registry = filled()
  })

  beforeEach(() => {
    pause = new WatchedPause()
    const clock = new StoppedClock(EPOCH)
    torrents = new WatchedCatalogue(registry, { pause, clock, wallClock: clock })
  })

  afterEach(async () => {
    await closeAll()
    await Promise.all(closing.splice(0).map((close) => close()))
  })

  function get(url: string, path: string): Promise<Response> {
    return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${MANAGER}` } })
  }

  async function hashesAt(url: string, path: string): Promise<readonly string[]> {
    const rows = (await (await get(url, path)).json()) as readonly { readonly info_hash: string }[]
    return rows.map((row) => row.info_hash)
  }

  /** Sends the request and reads nothing of the answer. */
  async function ask(port: number, path: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.pause()
    socket.write(`GET ${path} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${MANAGER}\r\n\r\n`)
    return socket
  }

  it('is sent whole and in order, from any offset on', async () => {
    const { url } = await listen({}, { torrents })
    const hashes = await hashesAt(url, ALL)
    expect(hashes).toHaveLength(TORRENTS)
    expect(new Set(hashes).size).toBe(TORRENTS)
    expect(hashes.every((hash, n) => n === 0 || hashes[n - 1] < hash)).toBe(true)
    expect(await hashesAt(url, `${ALL}&offset=299000`)).toEqual(hashes.slice(299_000))
    expect(await hashesAt(url, `${ALL}&offset=4294967295`)).toEqual([])
    expect(await hashesAt(url, '/api/v1/torrents?offset=150000&limit=4001')).toEqual(hashes.slice(150_000, 154_001))
  })

  it('lets other requests through at every moment', async () => {
    const tracker: RunningTracker = {
      services: () => [],
      state: () => 'ready',
      hasFailed: () => false,
      isUnderAttack: () => false,
      pingDatabase: undefined,
    }
    const probes = { udp: probeUdpTracker, http: probeHttp }
    const health = await openHealthListener(
      { host: '127.0.0.1', port: 0, allowedHosts: [], limitsPrivate: false },
      tracker,
      probes,
      () => {},
    )
    closing.push(() => health.close(0))
    const { port } = await listen({}, { torrents })
    const livez = `http://127.0.0.1:${health.address.port}/livez`
    expect((await fetch(livez)).status).toBe(200)
    const socket = await ask(port, ALL)
    socket.resume()
    while (torrents.inProgress === 0) await turn()
    const steps: number[] = []
    while (torrents.inProgress > 0) {
      expect((await fetch(livez)).status).toBe(200)
      steps.push(pause.rests + torrents.pieces)
    }
    socket.destroy()
    expect(torrents.rows).toBe(TORRENTS)
    const waits = steps.map((step, n) => step - (steps[n - 1] ?? 0))
    expect(Math.max(...waits)).toBeLessThan((steps.at(-1) ?? 0) / 10)
  })

  it('goes no further than its reader, and ends when the reader reads nothing for too long', async () => {
    const { port, url } = await listen({ limits: { idleTimeoutMs: 1000 } }, { torrents })
    const socket = await ask(port, ALL)
    const closed = once(socket, 'close')
    while (torrents.pieces === 0) await turn()
    while (torrents.inProgress > 0) await turn()
    // What the buffers of the operating system hold.
    expect(torrents.rows).toBeLessThan(TORRENTS * 0.75)
    socket.resume()
    socket.on('error', () => {})
    await closed
    expect(await hashesAt(url, '/api/v1/torrents?limit=2')).toHaveLength(2)
  })

  it('stops being made when its reader disconnects during a scan', async () => {
    const { port, url } = await listen({}, { torrents })
    const before = pause.rests
    await hashesAt(url, '/api/v1/torrents?limit=1')
    const restsOfScan = pause.rests - before
    for (const path of [ALL, '/api/v1/torrents?limit=10', '/api/v2/torrents?limit=10']) {
      const rows = torrents.rows
      const socket = await ask(port, path)
      const begin = pause.rests
      await new Promise<void>((resolve) => {
        pause.meanwhile = () => {
          if (pause.rests > begin + 2) resolve()
        }
      })
      pause.meanwhile = () => {}
      socket.destroy()
      // Queries wait for their turn, so the one before has ended.
      expect(await hashesAt(url, '/api/v1/torrents?limit=1')).toHaveLength(1)
      expect(pause.rests - begin).toBeLessThan(1.7 * restsOfScan)
      expect(torrents.rows).toBe(rows + 1)
    }
  })

  it('is not made for a HEAD request', async () => {
    const { port } = await listen({}, { torrents })
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`HEAD ${ALL} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${MANAGER}\r\nConnection: close\r\n\r\n`)
    expect(await text(socket)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*content-type: application\/json\r\n(?:.+\r\n)*\r\n$/i,
    )
    expect([torrents.inProgress, torrents.pieces, pause.rests]).toEqual([0, 0, 0])
  })

  it('is cut when it cannot be finished', async () => {
    const { url, events } = await listen({}, { torrents })
    const fault = new Error('broken memory')
    torrents.list = async function* () {
      yield []
      yield [{ infoHash: '0'.repeat(40) as TorrentRow['infoHash'], seeders: 0, leechers: 0, completed: 0 }]
      throw fault
    }
    await expect(get(url, ALL).then((response) => response.text())).rejects.toThrow()
    expect(events).toEqual([{ kind: 'internal-error', error: fault }])
  })
})
