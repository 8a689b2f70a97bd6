// What users of the package get: `npm pack`, a global install of the result into a folder of its own, and the command
// run from there. Uses the npm registry for what npm has not cached.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { aDocument } from './documents.ts'
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

describe('the package, installed globally', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-package-'))
  const muster = join(folder, 'bin/muster')
  let packed: Packed

  beforeAll(async () => {
    const words = ['pack', '--json', '--foreground-scripts=false', '--pack-destination', folder]
    const { stdout } = await run('npm', words, { cwd: ROOT, env })
    ;[packed] = JSON.parse(stdout)
    const tarball = join(folder, packed.filename)
    await run('npm', ['install', '--global', '--prefix', folder, '--prefer-offline', tarball], { cwd: folder, env })
  }, 5 * MINUTES)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

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
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
  })
})
