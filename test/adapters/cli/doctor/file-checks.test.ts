import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { certificates } from '../../../../src/adapters/cli/doctor/checks/certificates.ts'
import { dataDirectory } from '../../../../src/adapters/cli/doctor/checks/data-directory.ts'
import { secretFiles } from '../../../../src/adapters/cli/doctor/checks/secret-files.ts'
import type { ListenerPlan } from '../../../../src/adapters/cli/doctor/examined-tracker.ts'
import { type CertificateOptions, certify } from '../../../fixtures/dated-certificates.ts'
import { aListener, examined, verdicts } from '../../../fixtures/examined-trackers.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the data directory', () => {
  it('is tested and left unchanged', async () => {
    const before = readdirSync(folder)
    expect(await verdicts(dataDirectory, { plan: { dataDirectory: folder } })).toEqual(['ok'])
    expect(readdirSync(folder)).toEqual(before)
  })

  it('need not exist yet', async () => {
    const path = join(folder, 'to', 'come')
    expect(await examined(dataDirectory, { plan: { dataDirectory: path } })).toEqual([
      { verdict: 'ok', message: `${path} does not exist yet; it will be created`, remedy: '' },
    ])
  })

  it('must be writable', async () => {
    // Even root cannot write there.
    expect(await examined(dataDirectory, { plan: { dataDirectory: '/proc/sys' } })).toMatchObject([
      { verdict: 'fail', remedy: expect.stringMatching(/^install -d -m 0750 -o \d+ \/proc\/sys, or/) },
    ])
  })

  it('must be possible to create', async () => {
    expect(await examined(dataDirectory, { plan: { dataDirectory: '/proc/nope/lib' } })).toMatchObject([
      {
        verdict: 'fail',
        message: expect.stringMatching(/^\/proc\/nope\/lib does not exist and cannot be created: ENOENT/),
      },
    ])
  })

  it('must be a directory', async () => {
    const path = join(folder, 'a-file')
    writeFileSync(path, '')
    expect(await verdicts(dataDirectory, { plan: { dataDirectory: path } })).toEqual(['fail'])
  })
})

describe('files with secrets', () => {
  it('must be accessible to the owner only, if they exist', async () => {
    const path = join(folder, 'api-token')
    writeFileSync(path, 'secret', { mode: 0o600 })
    const plan = { secretFiles: [path, join(folder, 'missing')] }
    expect(await verdicts(secretFiles, { plan })).toEqual(['ok'])
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(path, mode)
      expect(await examined(secretFiles, { plan })).toEqual([
        {
          verdict: 'fail',
          message: `${path} contains a secret, but other users can access it (mode 0${mode.toString(8)})`,
          remedy: `chmod 600 ${path}`,
        },
      ])
    }
  })
})

describe('a file with a secret that cannot be examined', () => {
  it('is reported, and does not hide another one', async () => {
    const [loop, open] = [join(folder, 'loop'), join(folder, 'open-key')]
    symlinkSync(loop, loop)
    writeFileSync(open, 'secret')
    chmodSync(open, 0o644)
    expect(await examined(secretFiles, { plan: { secretFiles: [loop, open] } })).toMatchObject([
      { verdict: 'fail', message: expect.stringMatching(/loop cannot be examined: ELOOP/) },
      { verdict: 'fail', message: expect.stringContaining(`${open} contains a secret`) },
    ])
  })
})

describe('certificates', () => {
  let made = 0
  const examine = async (options: CertificateOptions, given: Partial<ListenerPlan> = {}) => {
    const tls = certify(folder, `tls-${made++}`, options)
    return await examined(certificates, {
      plan: { listeners: [aListener({ option: 'http_trackers.0', kind: 'http', tls, ...given })] },
    })
  }

  it('pass if they are valid and match their key and name', async () => {
    const found = await examine({ name: 'tracker.example.org' }, { publicUrl: 'https://tracker.example.org/announce' })
    expect(found).toMatchObject([{ verdict: 'ok' }])
  })

  it('fail when they have expired', async () => {
    expect(await examine({ name: 'tracker.example.org', days: -3 })).toMatchObject([
      {
        verdict: 'fail',
        message: expect.stringMatching(/tls-\d+\.crt \(http_trackers\.0\) expired on \d{4}-\d\d-\d\d$/),
        remedy: expect.stringContaining('SIGHUP'),
      },
    ])
  })

  it('warn when they expire soon', async () => {
    expect(await examine({ name: 'tracker.example.org', days: 20 })).toMatchObject([
      { verdict: 'warn', message: expect.stringMatching(/expires on .*, in (19|20) days$/) },
    ])
  })

  it('fail when they are for other names', async () => {
    const found = await examine(
      { name: 'elsewhere.example.org' },
      { publicUrl: 'https://tracker.example.org/announce' },
    )
    expect(found).toMatchObject([
      { verdict: 'fail', message: expect.stringContaining('is not for tracker.example.org') },
    ])
  })

  it('warn when they are self-signed', async () => {
    expect(await examine({ name: 'tracker.example.org', isSelfSigned: true })).toMatchObject([{ verdict: 'warn' }])
  })

  it('fail, in the words of the start, when a listener could not use them; the others are still examined', async () => {
    const fault = { option: 'http_api.tls_config', message: 'certificate a with key b: it is empty', remedy: 'set it' }
    const { certPath, keyPath } = certify(folder, 'open', { name: 'tracker.example.org' })
    chmodSync(keyPath, 0o644)
    const listeners = [
      aListener({ option: 'http_trackers.0', tls: { certPath, keyPath } }),
      aListener({ option: 'http_api', tls: { certPath: join(folder, 'none.crt'), keyPath: join(folder, 'none.key') } }),
    ]
    expect(await examined(certificates, { plan: { listeners, certificateFaults: async () => [fault] } })).toEqual([
      { verdict: 'fail', message: 'http_api.tls_config: certificate a with key b: it is empty', remedy: 'set it' },
      { verdict: 'fail', message: expect.stringContaining('every user'), remedy: `chmod o= ${keyPath}` },
    ])
  })
})
