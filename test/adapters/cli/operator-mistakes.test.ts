// The mistakes that operators make with commands of a running tracker: each message says what to do instead.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { askHealth } from '../../../src/adapters/cli/health/ask-health.ts'
import { certify, filesIn } from '../../fixtures/certificates.ts'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine, runLine } from './a-command-line.ts'

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'
const TORRENT = 'd8:announce31:http://tracker.example.org:7070/4:infod6:lengthi5e4:name1:a'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
})
afterEach(async () => {
  await closeAll()
  rmSync(folder, { recursive: true })
})

async function healthError(url: string): Promise<string> {
  let err = ''
  const note = (text: string): void => {
    err += text
  }
  const environment = { out: note, err: note, isTerminal: false, columns: 80, env: {} }
  expect(await askHealth({ url, question: 'services', asJson: false }, environment)).toBe(1)
  return err
}

describe('the wrong scheme', () => {
  it('https:// is answered with the right one on a port that speaks plain HTTP', async () => {
    const { port } = await listen()
    expect(await runLine(['stats', '--url', `https://127.0.0.1:${port}`, '--token', MANAGER])).toEqual({
      exitCode: 1,
      out: '',
      err: `https://127.0.0.1:${port} cannot be reached: this port speaks plain HTTP: write http://127.0.0.1:${port} with --url or in MUSTER_API_URL.\n`,
    })
    expect(await healthError(`https://127.0.0.1:${port}`)).toBe(
      `https://127.0.0.1:${port}/health_check does not answer: this port speaks plain HTTP: write http://127.0.0.1:${port}\n`,
    )
  })

  it('http:// is answered with the right one on a port that speaks HTTPS', async () => {
    const { port } = await listen({ tls: filesIn(certify(folder, 'localhost')) })
    expect(await runLine(['stats', '--url', `http://127.0.0.1:${port}`, '--token', MANAGER])).toEqual({
      exitCode: 1,
      out: '',
      err: `http://127.0.0.1:${port} cannot be reached: this port speaks HTTPS: write https://127.0.0.1:${port} with --url or in MUSTER_API_URL.\n`,
    })
    expect(await healthError(`http://127.0.0.1:${port}`)).toBe(
      `http://127.0.0.1:${port}/health_check does not answer: this port speaks HTTPS: write https://127.0.0.1:${port}\n`,
    )
  })

  it('is not the reason for a certificate that is not trusted', async () => {
    const { port } = await listen({ tls: filesIn(certify(folder, 'localhost')) })
    const { err } = await runLine(['stats', '--url', `https://127.0.0.1:${port}`, '--token', MANAGER])
    expect(err).toContain('self-signed certificate')
    expect(err).not.toContain('this port speaks')
  })
})

describe('a torrent file', () => {
  it.each(['whitelist', 'blocklist'])('is not imported into the %s', async (list) => {
    const { url, ports } = await listen()
    const world = { files: { 'a.torrent': TORRENT } }
    expect(await apiLine(url, MANAGER)(`${list} import a.torrent`, world)).toEqual({
      exitCode: 1,
      out: '',
      err: 'The input is a torrent file, not a list of info hashes. Add it with: muster whitelist add FILE.torrent\n',
    })
    expect(await ports.whitelist.count()).toBe(0)
  })

  it('is reported when it is none, is cut off, or is not there', async () => {
    const { url, ports } = await listen()
    const run = apiLine(url, MANAGER)
    const files = { 'a.torrent': TORRENT.slice(0, -1), 'b.torrent': '<html>' }
    for (const [name, flaw] of [
      ['a.torrent', 'is not a torrent file.'],
      ['b.torrent', 'is not a torrent file.'],
      ['c.torrent', 'cannot be read (ENOENT).'],
    ]) {
      expect(await run(`whitelist add ${name}`, { files })).toEqual({ exitCode: 1, out: '', err: `${name} ${flaw}\n` })
    }
    expect(await ports.whitelist.count()).toBe(0)
  })

  it('may name a magnet link', async () => {
    const { url } = await listen()
    const { out } = await apiLine(url, MANAGER)(`whitelist add magnet:?xt=urn:btih:${HASH}&dn=a.torrent`)
    expect(out).toBe(`${HASH}\tadded\n`)
  })
})

describe('an address that is not one', () => {
  const NO_ADDRESS = 'It must be an IP address or a network such as 192.0.2.0/24.'

  it.each([
    ['192.0.2.1-192.0.2.9', NO_ADDRESS],
    ['192.0.2.*', NO_ADDRESS],
    ['192.0.2', NO_ADDRESS],
    ['192.0.2.1:6881', NO_ADDRESS],
    ['[2001:db8::1]', NO_ADDRESS],
    ['http://192.0.2.1/', NO_ADDRESS],
    ['192.0.2.0/255.255.255.0', 'The part after the slash must be a number from 0 to 32.'],
    ['192.0.2.0/', 'The part after the slash must be a number from 0 to 32.'],
    ['2001:db8::/129', 'The part after the slash must be a number from 0 to 128.'],
    ['192.0.2.7/24', 'The address has bits beyond its prefix: write 192.0.2.0/24 for the network.'],
    ['::/0', 'The network is too wide: /16 at most.'],
  ])('is not banned: %s', async (address, message) => {
    for (const command of ['add', 'lift']) {
      const { exitCode, err } = await runLine(['bans', command, address])
      expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
    }
  })

  it('is skipped in a file, and named with its line', async () => {
    const { url, ports } = await listen()
    const world = { files: { 'a.txt': `192.0.2.1\n192.0.2.*\n${TORRENT}\n` } }
    const { exitCode, out, err } = await apiLine(url, MANAGER)('bans import a.txt', world)
    expect([exitCode, out]).toEqual([1, '1 ban added, 0 already listed, 2 lines skipped\n'])
    expect(err).toContain('line 2: address: must be an IP address or a network such as 192.0.2.0/24')
    expect(await ports.bans.count()).toBe(1)
  })
})

describe('a change without effect', () => {
  const WHITELIST =
    'Note: the whitelist has no effect now, because this tracker serves every torrent. Set core.listed = true and restart it.\n'
  const KEYS =
    'Note: keys have no effect now, because this tracker serves every client. Set core.private = true and restart it.\n'
  const OWN_KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
  const files = { 'list.txt': `${HASH}\n`, 'addresses.txt': '192.0.2.1\n' }

  it.each([
    [`whitelist add ${HASH}`, WHITELIST, ''],
    ['whitelist import list.txt', WHITELIST, ''],
    [`whitelist add --json ${HASH}`, WHITELIST, ''],
    ['keys issue', '', KEYS],
    [`keys add ${OWN_KEY}`, '', KEYS],
    [`blocklist add --reason court ${HASH}`, '', ''],
    ['blocklist import --reason court list.txt', '', ''],
    ['bans add 192.0.2.1', '', ''],
    ['bans import addresses.txt', '', ''],
  ])('is noted: %s', async (line, whenNotListed, whenNotPrivate) => {
    const modes = [
      [{ isListed: false, isPrivate: true }, whenNotListed],
      [{ isListed: true, isPrivate: false }, whenNotPrivate],
      [{ isListed: true, isPrivate: true }, ''],
    ] as const
    for (const [access, err] of modes) {
      const { url } = await listen({ access })
      expect(await apiLine(url, MANAGER)(line, { files })).toMatchObject({ exitCode: 0, err })
    }
  })
})

describe('REST v2', () => {
  it('tells the access mode', async () => {
    const { url } = await listen({ access: { isListed: true, isPrivate: false } })
    const answer = await fetch(`${url}/api/v2/access`, { headers: { Authorization: `Bearer ${MANAGER}` } })
    expect([answer.status, await answer.json()]).toEqual([200, { listed: true, private: false }])
  })
})
