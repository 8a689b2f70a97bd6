// muster import of lists and torrent files, through the API.

import { afterEach, describe, expect, it } from '@jest/globals'
import { aTorrent } from '../../../fixtures/torrent-files.ts'
import { closeAll, listen, MANAGER, READER } from '../../inbound/rest/rest-fixture.ts'
import { apiLine, type World } from '../a-command-line.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)
const DIGITS = '1'.repeat(40)

afterEach(closeAll)

async function tracker(token = MANAGER) {
  const { ports, url } = await listen()
  const entries = async (list: 'whitelist' | 'blocklist') =>
    (await ports[list].page(0, 10_000)).entries.map(({ infoHash, reason }) => [infoHash, reason ?? null])
  return { ports, url, run: apiLine(url, token), entries }
}

describe('a list of opentracker', () => {
  const list = `# ours\n${A}\n${B.toUpperCase()} # film\r\n\n${C}0\nnonsense\n  ${C}\n`
  const files = { list }

  it('is read as opentracker reads it, and what it ignores is named', async () => {
    const { run, entries } = await tracker()
    expect(await run('import opentracker list --to blocklist --reason dmca', { files })).toEqual({
      exitCode: 1,
      out: 'blocklist: 2 torrents added, 0 already there\n3 rows cannot be imported\n',
      err: [5, 6, 7].map((line) => `line ${line}: does not begin with 40 hex digits\n`).join(''),
    })
    expect(await entries('blocklist')).toEqual([
      [A, 'dmca'],
      [B, 'film'],
    ])
  })

  it('changes nothing in a dry run, which says what would change', async () => {
    const { run, entries } = await tracker()
    await run(`whitelist add ${A}`)
    const result = await run('import opentracker list --to whitelist --dry-run', { files })
    expect(result.out).toBe(
      `whitelist: 1 torrent would be added, 1 already there\n  ${B} film\n3 rows cannot be imported\n`,
    )
    expect(result.exitCode).toBe(1)
    expect(await entries('whitelist')).toEqual([[A, null]])
    const json = await run('import opentracker list --to whitelist --dry-run --json', { files })
    expect(JSON.parse(json.out)).toEqual({
      dry_run: true,
      whitelist: { would_add: 1, present: 1, examples: [`${B} film`] },
      left_out: {},
      invalid: 3,
      problems: [5, 6, 7].map((line) => ({ at: `line ${line}`, message: 'does not begin with 40 hex digits' })),
    })
  })

  it('may have crafted lines, which take no time', async () => {
    const { run, entries } = await tracker()
    const crafted = `${' '.repeat(16_000)}a\u2028b`
    const hashes = Array.from({ length: 60 }, (_, i) => i.toString(16).padStart(40, '0'))
    const world = { files: { list: hashes.map((hash) => `${hash}${crafted}\n`).join('') } }
    for (const command of ['import opentracker', 'import list']) {
      expect((await run(`${command} list --to blocklist --reason other`, world)).exitCode).toBe(0)
    }
    expect(await entries('blocklist')).toEqual(hashes.map((hash) => [hash, 'a?b']))
  })

  it('must be unpacked', async () => {
    const { run } = await tracker()
    const world = { files: { 'list.gz': Buffer.from([0x1f, 0x8b, 8, 0, 0]) } }
    expect((await run('import opentracker list.gz --to whitelist', world)).err).toContain('is compressed: unpack it')
  })

  it('needs a list to go to, and a file that is there', async () => {
    const { run } = await tracker()
    expect((await run('import opentracker list', { files })).exitCode).toBe(2)
    expect(await run('import opentracker none --to whitelist', { files })).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('none cannot be read (ENOENT).'),
    })
  })
})

describe('a long list', () => {
  const hashes = Array.from({ length: 12_000 }, (_, i) => i.toString(16).padStart(40, '0'))
  const world: World = { files: { '-': hashes.join('\n') } }

  it('is sent in several requests, shows its progress, and can be repeated', async () => {
    const { run, ports } = await tracker()
    const first = await run('import list - --to whitelist', { ...world, isTerminal: true })
    expect(first.out).toBe('whitelist: 12000 torrents added, 0 already there\n')
    expect(first.err).toContain('\r1 row read')
    expect(await ports.whitelist.count()).toBe(12_000)
    expect((await run('import list - --to whitelist', world)).out).toBe(
      'whitelist: 0 torrents added, 12000 already there\n',
    )
    const dry = await run('import list - --to whitelist --dry-run', world)
    expect(dry.out).toBe('whitelist: 0 torrents would be added, 12000 already there\n')
  })

  it('names the first hundred rows that cannot be imported, and counts all', async () => {
    const { run } = await tracker()
    const bad = { files: { '-': 'x\n'.repeat(150) } }
    const { out, err } = await run('import list - --to whitelist', bad)
    expect(out).toBe('150 rows cannot be imported\n')
    expect(err.trim().split('\n')).toHaveLength(101)
    expect(err).toContain('line 100: info_hash: must be an info hash, a URN or a magnet link\nand 50 rows more\n')
  })

  it('says how far it came when the tracker refuses', async () => {
    const { run } = await tracker(READER)
    const { exitCode, out, err } = await run('import list - --to whitelist', world)
    expect([exitCode, out]).toEqual([1, ''])
    expect(err).toContain('is read-only')
    const bad = await run('import list - --to whitelist', { files: { '-': `x\n${A}\n` } })
    expect(bad.err).toContain('Interrupted. Until then: 1 row cannot be imported. It is safe to repeat the import.\n')
  })
})

describe('torrent files', () => {
  it('are found in folders, with both hashes of hybrid ones, and bad ones are named', async () => {
    const { run, ports } = await tracker()
    const files = {
      'all/one.torrent': aTorrent('v1'),
      'all/more/two.torrent': aTorrent('hybrid'),
      'all/more/bad.torrent': 'nonsense',
      'all/readme.txt': 'nonsense',
      renamed: aTorrent('v2'),
    }
    expect(await run('import torrents all renamed --to whitelist', { files })).toEqual({
      exitCode: 1,
      out: 'whitelist: 4 torrents added, 0 already there\n1 row cannot be imported\n',
      err: 'all/more/bad.torrent: is not a torrent file\n',
    })
    expect(await ports.whitelist.count()).toBe(4)
    expect((await run('import torrents none --to whitelist', { files })).err).toContain('none cannot be read (ENOENT).')
  })
})

describe('the configuration of chihaya', () => {
  const SECRET = 'a secret of the configuration'
  const yaml = (lists: string) => `chihaya:
  secret: ${SECRET}
  prehooks:
  - name: jwt
    options: {whitelist: [${C}]}
  - name: torrent approval
    options:
${lists}`

  it('has a whitelist or a blacklist', async () => {
    const { run, entries } = await tracker()
    const files = {
      'a.yaml': yaml(`      whitelist:\n      - ${DIGITS}\n      - "${A}"\n      - 7\n      - [${B}]\n`),
      'b.yaml': yaml(`      blacklist: &all ["${B}"]\n      other: *all\n`),
    }
    expect(await run('import chihaya a.yaml', { files })).toEqual({
      exitCode: 1,
      out: 'whitelist: 2 torrents added, 0 already there\n2 rows cannot be imported\n',
      err: 'line 11: info_hash: must be an info hash, a URN or a magnet link\nline 12: is not an info hash\n',
    })
    expect((await run('import chihaya b.yaml --reason law', { files })).exitCode).toBe(0)
    expect(await entries('whitelist')).toEqual([
      [DIGITS, null],
      [A, null],
    ])
    expect(await entries('blocklist')).toEqual([[B, 'law']])
  })

  it('may be JSON, or the options alone, and MoChi has one list that may be inverted', async () => {
    const { run, entries } = await tracker()
    const files = {
      'a.json': JSON.stringify({ chihaya: { prehooks: [{ name: 'torrent approval', options: { whitelist: [A] } }] } }),
      'b.yaml': `hash_list: ["${B}"]\ninvert: true\n`,
      'c.yaml': yaml(`      initial_source: list\n      configuration: {hash_list: ["${C}"], invert: false}\n`),
    }
    for (const path of Object.keys(files)) expect((await run(`import chihaya ${path}`, { files })).exitCode).toBe(0)
    expect(await entries('whitelist')).toEqual([
      [A, null],
      [C, null],
    ])
    expect(await entries('blocklist')).toEqual([[B, null]])
  })

  it.each([
    ['without the hook', `secret: ${SECRET}\n`, 'has no "torrent approval" hook'],
    ['that is not YAML', `secret: "${SECRET}\n`, 'is not YAML: '],
    ['that is nested too deeply', `{${'a: ['.repeat(2000)}`, 'is not YAML: '],
  ])('is refused %s, without quoting it', async (_, text, message) => {
    const { run } = await tracker()
    const { exitCode, out, err } = await run('import chihaya a.yaml', { files: { 'a.yaml': text } })
    expect([exitCode, out]).toEqual([1, ''])
    expect(err).toContain(message)
    expect(err).not.toContain(SECRET)
  })
})
