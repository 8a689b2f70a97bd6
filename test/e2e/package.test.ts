// What users of the package get: `npm pack`, a global install of the result into a folder of its own, and the command
// run from there; and the result as a dependency of a program that imports `muster/client`. Uses the npm registry for
// what npm has not cached.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { API_TOKEN, aDocument } from './documents.ts'
import { ROOT, TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const run = promisify(execFile)
const MINUTES = 60_000

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

/** The pinned Node.js for `#!/usr/bin/env node`, without variables set by the npm that runs this test. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
}

/** What a program of somebody else does with the library; prints what it learns. */
const PROGRAM = `
import { type AnnounceResult, openTracker, probeMany, RestClient, TrackerError } from 'muster/client'

const infoHash = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'
const [udp, http, api, token] = process.argv.slice(2) as [string, string, string, string]
const learnt: unknown[] = []
for (const [index, url] of [udp, http].entries()) {
  using tracker = await openTracker(url, { decoding: 'strict' })
  const announced: AnnounceResult = await tracker.announce({ infoHash, port: 7000 + index, event: 'started' })
  const { entries } = await tracker.scrape([infoHash], { signal: AbortSignal.timeout(5000) })
  learnt.push([tracker.endpoint.scheme, announced.peers.map(({ port }) => port), entries[0]?.leechers])
}
for await (const probe of probeMany(['http://127.0.0.1:1/announce'], (url) => openTracker(url).then((tracker) => tracker.announce({ infoHash })))) {
  learnt.push('error' in probe && probe.error instanceof TrackerError && probe.error.stage)
}
const { torrents } = await new RestClient({ url: api, token }).call('getStatistics')
learnt.push(torrents)
console.log(JSON.stringify(learnt))
// Left open: it must not keep the process alive.
await openTracker(udp)

// @ts-expect-error: the types are those of the library, not any.
export const wrong: Parameters<typeof openTracker>[1] = { decoding: 'sloppy' }
`

const folder = mkdtempSync(join(tmpdir(), 'muster-package-'))
let packed: Packed

beforeAll(async () => {
  const words = ['pack', '--json', '--foreground-scripts=false', '--pack-destination', folder]
  const { stdout } = await run('npm', words, { cwd: ROOT, env })
  ;[packed] = JSON.parse(stdout)
  const tarball = join(folder, packed.filename)
  await run('npm', ['install', '--global', '--prefix', folder, '--prefer-offline', tarball], { cwd: folder, env })
}, 5 * MINUTES)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package, installed globally', () => {
  const muster = join(folder, 'bin/muster')

  it('contains the program and its documentation, and nothing that only this repository needs', () => {
    const paths = packed.files.map(({ path }) => path)
    const tops = new Set(paths.map((path) => path.split('/', 1)[0]))
    expect([...tops].sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'contrib', 'dist', 'docs', 'package.json', 'share'].sort(),
    )
    expect(paths.filter((path) => /(?<!\.d)\.ts$|\.(map|tsbuildinfo)$/.test(path))).toEqual([])
    // Declarations are those of the export `muster/client`.
    expect(paths.filter((path) => /\.d\.ts$/.test(path) && /\/(application|config|inbound|cli)\//.test(path))).toEqual(
      [],
    )
    expect(packed.files.find(({ path }) => path === 'dist/config/main.js')?.mode).toBe(0o755)
  })

  it('prints its version', async () => {
    expect((await run(muster, ['--version'], { env })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('checks a document', async () => {
    const document = join(folder, 'tracker.toml')
    writeFileSync(document, aDocument({ udp: ['127.0.0.1:0'] }))
    await run(muster, ['config', 'check', '--config', document], { env })
    writeFileSync(document, aDocument({ udp: ['127.0.0.1:none'] }))
    await expect(run(muster, ['config', 'check', '--config', document], { env })).rejects.toMatchObject({ code: 1 })
  })

  it('answers an announce, and stops', async () => {
    await using tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0'] }), { main: muster })
    const client = await UdpClient.open(tracker.udp[0])
    const answer = await client.announce({ infoHash: anInfoHash(), port: 7001 })
    client.close()
    expect(answer.peers).toEqual([])
    const words = ['udp', 'scrape', tracker.udp[0], anInfoHash().toString('hex')]
    const { stdout } = await run(join(folder, 'bin/tracker_client'), words, { env })
    expect(JSON.parse(stdout)).toMatchObject({ Scrape: { torrent_stats: [{ seeders: 0, completed: 0, leechers: 0 }] } })
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
  })
})

describe('the package, as a dependency of a program', () => {
  const consumer = join(folder, 'consumer')

  beforeAll(async () => {
    mkdirSync(consumer)
    const manifest = { name: 'consumer', version: '1.0.0', private: true, type: 'module' }
    writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest))
    const words = ['install', '--offline', '--ignore-scripts', '--no-audit', join(folder, packed.filename)]
    await run('npm', words, { cwd: consumer, env })
    writeFileSync(join(consumer, 'program.ts'), PROGRAM)
    // The compiler and the types of Node.js are those of this repository.
    const compilerOptions = { target: 'es2024', lib: ['es2024', 'esnext.disposable'], module: 'nodenext', strict: true }
    const types = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')], noEmit: true }
    const config = { compilerOptions: { ...compilerOptions, ...types }, files: ['program.ts'] }
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(config))
  }, 5 * MINUTES)

  it('has types that its compiler accepts without skipping any', async () => {
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', consumer], { cwd: consumer, env })
  })

  it('announces and scrapes over UDP and HTTP, and asks the management API', async () => {
    await using tracker = await TrackerProcess.start(
      aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], hasApi: true }),
    )
    const program = [join(consumer, 'program.ts'), tracker.udp[0], tracker.http[0], tracker.api, API_TOKEN]
    const { stdout } = await run(process.execPath, program, { cwd: consumer, env, timeout: 30_000 })
    expect(JSON.parse(stdout)).toEqual([['udp', [], 1], ['http', [7000], 2], 'connect', 1])
    await tracker.stop()
  })

  it('does not let it import anything else', async () => {
    const words = ['--input-type=module', '--eval', "await import('muster/dist/config/main.js')"]
    await expect(run(process.execPath, words, { cwd: consumer, env })).rejects.toMatchObject({
      stderr: expect.stringContaining('ERR_PACKAGE_PATH_NOT_EXPORTED'),
    })
  })
})
