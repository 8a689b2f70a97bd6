import { describe, expect, it } from '@jest/globals'
import { HTTP_REQUEST_BYTES, HttpRequestWriter } from '../../../../src/adapters/load/http/http-request-writer.ts'
import { NextAnnounce } from '../../../../src/adapters/load/lifecycle.ts'
import type { LoadPlan } from '../../../../src/adapters/load/load-plan.ts'
import { LoadRandom } from '../../../../src/adapters/load/load-random.ts'
import { populate } from '../../../../src/adapters/load/population.ts'
import { AnnounceEvent } from '../../../../src/domain/announce.ts'
import { aLoadPlan } from '../a-plan.ts'

function aWriter(changes: Partial<LoadPlan> = {}) {
  const plan = aLoadPlan({ transport: 'http', path: '/announce', hostHeader: 'localhost:7070', ...changes })
  const population = populate(plan.population)
  if (population === undefined) throw new Error('no population')
  const bytes = Buffer.alloc(2 * HTTP_REQUEST_BYTES)
  const text = (length: number): string => bytes.toString('latin1', HTTP_REQUEST_BYTES, HTTP_REQUEST_BYTES + length)
  return { population, text, writer: new HttpRequestWriter(bytes, population, plan) }
}

describe('the requests of an HTTP load', () => {
  it('are announces', () => {
    const { population, text, writer } = aWriter()
    const next = Object.assign(new NextAnnounce(), { event: AnnounceEvent.Started, isSeeding: false })
    expect(text(writer.announce(1, 9, next))).toMatch(
      new RegExp(
        `^GET /announce\\?info_hash=(%[0-9a-f]{2}){20}&peer_id=-[A-Za-z0-9]{6}-[A-P]{12}&port=${population.portOf[9]}` +
          '&uploaded=1048576&downloaded=1048576&left=52428800&event=started&key=[0-9a-f]{8}&compact=1&numwant=30' +
          ' HTTP/1.1\r\nHost: localhost:7070\r\nUser-Agent: muster-load/1\r\n\r\n$',
      ),
    )
  })

  it('end the connection if it is fresh', () => {
    const { text, writer } = aWriter({ isFresh: true })
    expect(text(writer.announce(1, 9, new NextAnnounce()))).toContain('\r\nConnection: close\r\n')
  })

  it('keep the key and the query of the URL, and scrape beside the announce', () => {
    const { text, writer } = aWriter({ path: '/announce/KEY?x=1' })
    expect(text(writer.announce(1, 9, new NextAnnounce()))).toContain('GET /announce/KEY?x=1&info_hash=%')
    expect(text(writer.scrape(1, new LoadRandom(1)))).toMatch(
      /^GET \/scrape\/KEY\?x=1&info_hash=(%[0-9a-f]{2}){20} HTTP/,
    )
  })

  it('fit, however long the path may be', () => {
    const { text, writer } = aWriter({ path: `/${'k'.repeat(511)}`, hostHeader: 'h'.repeat(259) })
    expect(text(writer.announce(1, 9, new NextAnnounce()))).toMatch(/\r\n\r\n$/)
    expect(writer.announce(1, 9, new NextAnnounce())).toBeLessThan(HTTP_REQUEST_BYTES)
  })
})
