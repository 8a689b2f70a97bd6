import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from '@jest/globals'
import { readInfoHash } from '../../../src/domain/info-hash.ts'
import { aTorrent } from '../../fixtures/torrent-files.ts'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

/** The digest of the info dictionary, in as many digits as trackers know. */
function digest(algorithm: string, torrent: Buffer): string {
  const info = torrent.subarray(torrent.indexOf('4:info') + 6, -1)
  return createHash(algorithm).update(info).digest('hex').slice(0, 40)
}

function hash(start: string): string {
  return start.padEnd(40, '0')
}

const A = hash('a')
const B = hash('b')
const C = hash('c')

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen()
  return { ports, run: apiLine(url, MANAGER) }
}

describe.each(['whitelist', 'blocklist'] as const)('muster %s', (name) => {
  const reason = name === 'blocklist' ? ['--reason', 'a court order'] : []
  const column = name === 'blocklist' ? '\ta court order' : '\t-'

  it('adds torrents and reports which were already listed', async () => {
    const { ports, run } = await tracker()
    expect(await run(`${name} add ${A}`, {}, ...reason)).toEqual({ exitCode: 0, out: `${A}\tadded\n`, err: '' })
    expect(await run(`${name} add ${A} ${B.toUpperCase()}`, {}, ...reason)).toEqual({
      exitCode: 0,
      out: `${A}\tpresent\n${B}\tadded\n`,
      err: '',
    })
    expect(await ports[name].count()).toBe(2)
  })

  it('accepts v2 hashes, URNs and magnet links', async () => {
    const { run } = await tracker()
    const texts = [`${A}${'1'.repeat(24)}`, `urn:btih:${B}`, `magnet:?dn=a%20b&xt=urn:btih:${C}`]
    const { out } = await run(`${name} add ${texts.join(' ')}`, {}, ...reason)
    expect(out).toBe(`${A}\tadded\n${B}\tadded\n${C}\tadded\n`)
  })

  it('reads torrent files, and takes both hashes of a hybrid torrent', async () => {
    const { ports, run } = await tracker()
    const files = { 'v1.torrent': aTorrent('v1'), 'v2.TORRENT': aTorrent('v2'), 'a/hybrid.torrent': aTorrent('hybrid') }
    const [v1, v2, hybrid1, hybrid2] = [
      digest('sha1', files['v1.torrent']),
      digest('sha256', files['v2.TORRENT']),
      digest('sha1', files['a/hybrid.torrent']),
      digest('sha256', files['a/hybrid.torrent']),
    ]
    const magnet = `magnet:?xt=urn:btmh:1220${B}${'0'.repeat(24)}&xt=urn:btih:${C}`
    const { out } = await run(`${name} add ${Object.keys(files).join(' ')} ${magnet}`, { files }, ...reason)
    expect(out.replaceAll('\tadded', '').split('\n').slice(0, -1)).toEqual([v1, v2, hybrid1, hybrid2, C, B])
    await run(`${name} remove a/hybrid.torrent ${magnet}`, { files })
    expect((await ports[name].page(0, 9)).entries.map(({ infoHash }) => infoHash)).toEqual([v1, v2])
  })

  it('adds more torrents than fit in one request', async () => {
    const { ports, run } = await tracker()
    const hashes = Array.from({ length: 2500 }, (_, i) => i.toString(16).padStart(40, '0'))
    const { out } = await run(`${name} add ${hashes.join(' ')}`, { isTerminal: true }, ...reason)
    expect(out).toBe('2500 torrents added\n')
    expect(await ports[name].count()).toBe(2500)
  })

  it('removes torrents, and exits with 1 if one was not listed', async () => {
    const { ports, run } = await tracker()
    await run(`${name} add ${A} ${B}`, {}, ...reason)
    expect(await run(`${name} remove ${A}`)).toEqual({ exitCode: 0, out: `${A}\tremoved\n`, err: '' })
    expect(await run(`${name} remove ${A} ${B}`, { isTerminal: true })).toEqual({
      exitCode: 1,
      out: '1 torrent removed, 1 torrent not listed\n',
      err: '',
    })
    expect(await ports[name].count()).toBe(0)
  })

  it('writes results as one JSON value', async () => {
    const { run } = await tracker()
    const added = await run(`${name} add --json ${A}`, {}, ...reason)
    expect(JSON.parse(added.out)).toEqual({ results: [{ info_hash: A, status: 'added' }] })
    const removed = await run(`${name} remove --json ${B}`)
    expect(JSON.parse(removed.out)).toEqual({ results: [{ info_hash: B, status: 'absent' }] })
  })

  it('lists entries as lines, as JSON lines and as a table', async () => {
    const { run } = await tracker()
    await run(`${name} add ${A} ${B}`, {}, ...reason)
    const time = '2023-11-14T22:13:20Z'
    const { out } = await run(`${name} list`)
    expect(out).toBe(`${A}\t${time}${column}\n${B}\t${time}${column}\n`)
    const json = await run(`${name} list --json`)
    expect(
      json.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).info_hash),
    ).toEqual([A, B])
    const table = (await run(`${name} list`, { isTerminal: true })).out
    expect(table.split('\n')[1]).toMatch(/│ Info hash +│ Added +│/)
    expect(table).toContain(`│ ${B} │`)
  })

  it('reports an empty list on a terminal only', async () => {
    const { run } = await tracker()
    expect(await run(`${name} list`)).toEqual({ exitCode: 0, out: '', err: '' })
    expect(await run(`${name} list --json`, { isTerminal: true })).toEqual({ exitCode: 0, out: '', err: '' })
    expect(await run(`${name} list`, { isTerminal: true })).toEqual({
      exitCode: 0,
      out: '',
      err: `The ${name} is empty.\n`,
    })
  })

  it('lists as many entries as requested, across pages', async () => {
    const { ports, run } = await tracker()
    const hashes = Array.from({ length: 2500 }, (_, i) => readInfoHash(i.toString(16).padStart(40, '0')) ?? fail())
    await ports[name].add(hashes.map((infoHash) => ({ infoHash, reason: 'x' })))
    const lines = async (options: string) => (await run(`${name} list${options}`)).out.split('\n').length - 1
    expect([await lines(''), await lines(' --limit 1001'), await lines(' --all')]).toEqual([100, 1001, 2500])
    const { err } = await run(`${name} list --limit 2`, { isTerminal: true })
    expect(err).toBe('There may be more: use --all or a larger --limit.\n')
  })

  it('imports what it exports', async () => {
    const { ports, run } = await tracker()
    const hashes = Array.from({ length: 2500 }, (_, i) => readInfoHash(i.toString(16).padStart(40, '0')) ?? fail())
    const entries = hashes.map((infoHash, i) => ({ infoHash, reason: `case ${i}` }))
    await ports[name].add(entries)
    const { entries: entriesBefore } = await ports[name].page(0, 5000)
    for (const form of ['', ' --plain']) {
      const exported = await run(`${name} export${form}`)
      expect([exported.exitCode, exported.out.split('\n').length]).toEqual([0, 2501])
      const other = await tracker()
      expect(await other.run(`${name} import list.txt`, { files: { 'list.txt': exported.out } })).toEqual({
        exitCode: 0,
        out: '2500 torrents added, 0 already listed\n',
        err: '',
      })
      const { entries } = await other.ports[name].page(0, 5000)
      expect(entries.map(({ infoHash, reason }) => ({ infoHash, reason }))).toEqual(
        entriesBefore.map(({ infoHash, reason }) => ({ infoHash, reason })),
      )
    }
  })
})

function fail(): never {
  throw new Error('not a hash')
}

describe('muster blocklist', () => {
  it('requires a reason', async () => {
    const { run } = await tracker()
    expect(await run(`blocklist add ${A}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("required option '--reason <text>' not specified"),
    })
  })
})

describe('an import', () => {
  it('reads plain text: hashes followed by reasons, comments and empty lines', async () => {
    const { ports, run } = await tracker()
    const text = `# from the court\r\n${A}  order 12/345  \r\n\n${B}\n{"info_hash":"${C}","reason":"spam"}`
    const result = await run('blocklist import - --reason unknown', { files: { '-': text } })
    expect(result).toEqual({ exitCode: 0, out: '3 torrents added, 0 already listed\n', err: '' })
    expect((await ports.blocklist.page(0, 10)).entries.map(({ reason }) => reason)).toEqual([
      'order 12/345',
      'unknown',
      'spam',
    ])
  })

  it('reads reasons for the whitelist too, after spaces or a tab', async () => {
    const { ports, run } = await tracker()
    const result = await run('whitelist import list.txt', { files: { 'list.txt': `${A} our own\n${B}\tours\n${C}\n` } })
    // A whitelist needs no reasons.
    expect(result.err).toBe('')
    expect((await ports.whitelist.page(0, 9)).entries.map(({ reason }) => reason)).toEqual([
      'our own',
      'ours',
      undefined,
    ])
  })

  it('reports lines of a blocklist that have no reason', async () => {
    const { ports, run } = await tracker()
    const result = await run('blocklist import -', { files: { '-': `${A}\n${B} spam\n` } })
    expect(result).toEqual({
      exitCode: 0,
      out: '2 torrents added, 0 already listed\n',
      err: '1 line without a reason: put one after the hash, or use --reason.\n',
    })
    expect(await ports.blocklist.count()).toBe(2)
  })

  it.each(['whitelist', 'blocklist'] as const)('of the %s leaves reasons, unless told to update them', async (name) => {
    const { ports, run } = await tracker()
    const reason = async () => (await ports[name].page(0, 1)).entries[0]?.reason
    const files = (text: string) => ({ files: { '-': `${A} ${text}\n` } })
    await run(`${name} import -`, files('old'))
    await run(`${name} import -`, files('new'))
    expect(await reason()).toBe('old')
    await run(`${name} import - --update`, files('new'))
    expect(await reason()).toBe('new')
    expect((await run(`${name} add ${A}`, {}, '--reason', 'newer')).out).toBe(`${A}\tpresent\n`)
    expect(await reason()).toBe('new')
    expect((await run(`${name} add ${A} --update`, {}, '--reason', 'newer')).out).toBe(`${A}\tupdated\n`)
    expect(await reason()).toBe('newer')
    const terminal = await run(`${name} add ${A} ${B} --update`, { isTerminal: true }, '--reason', 'newest')
    expect(terminal.out).toBe('1 torrent added, 1 torrent updated\n')
  })

  it('skips invalid lines, reports their numbers and exits with 1', async () => {
    const { ports, run } = await tracker()
    const files = { 'list.txt': `${A}\n\nnonsense\n{"info_hash":7}\n${B}\n${A}\n` }
    const result = await run('whitelist import list.txt', { files })
    expect([result.exitCode, result.out]).toEqual([1, '2 torrents added, 1 already listed, 2 lines skipped\n'])
    expect(result.err).toMatch(/^line 3: .+\nline 4: .+\n$/)
    expect(await ports.whitelist.count()).toBe(2)
    const { out } = await run('whitelist import list.txt --json', { files })
    expect(JSON.parse(out)).toMatchObject({ added: 0, present: 3, invalid: 2, problems: [{ line: 3 }, { line: 4 }] })
  })

  it('shows progress on a terminal and clears it at the end', async () => {
    const { run } = await tracker()
    const { err } = await run('whitelist import list.txt', { isTerminal: true, files: { 'list.txt': `${A}\n${B}\n` } })
    expect(err).toBe('\r2 lines sent\r\u001b[K')
  })

  it('reports a missing file', async () => {
    const { run } = await tracker()
    expect(await run('whitelist import list.txt')).toEqual({
      exitCode: 1,
      out: '',
      err: 'list.txt cannot be read (ENOENT).\n',
    })
  })

  it('rejects input with overlong lines', async () => {
    const { run } = await tracker()
    const files = { '-': `${A}\n${'x'.repeat(100_000)}` }
    expect(await run('whitelist import -', { files })).toEqual({
      exitCode: 1,
      out: '',
      err: 'Line 2 of the input is longer than 16384 characters.\n',
    })
  })

  it('names the tracker when its store is unavailable', async () => {
    const { ports, run } = await tracker()
    ports.whitelist.trouble.isUnavailable = true
    const { exitCode, err } = await run('whitelist import list.txt', { files: { 'list.txt': `${A}\n` } })
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/^Nothing was imported\.\nThe tracker at http:\S+ cannot do that now: .+\n$/),
    ])
  })

  it('says how much of it was accepted when it is interrupted, and clears its progress first', async () => {
    const { ports, run } = await tracker()
    ports.whitelist.capacity = 1500
    const hashes = Array.from({ length: 2500 }, (_, i) => `${i.toString(16).padStart(40, '0')}\n`)
    const { exitCode, out, err } = await run('whitelist import -', {
      isTerminal: true,
      files: { '-': hashes.join('') },
    })
    expect([exitCode, out]).toEqual([1, ''])
    expect(err).toContain('\r\u001b[KOf the first 1000 lines: 1000 torrents added, 0 already listed.\n')
    expect(err.split('\r\u001b[K')[1]).not.toContain('sent')
  })
})
