import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openConnectionIdKey } from '../../../src/config/threads/connection-id-key.ts'
import { KEY } from '../../fixtures/udp-vectors.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-key-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The message of a thread that opens the key at `path` while links fail with `code`. */
async function openedWithoutLinks(path: string, code: string): Promise<{ key?: Uint8Array; failed?: string }> {
  const [said] = await once(
    new Worker(new URL('./linkless-thread.ts', import.meta.url), { workerData: { path, code } }),
    'message',
  )
  return said
}

describe('the key of the connection ids', () => {
  it('is created if it is missing, for the owner only, and leaves no other files', () => {
    const path = join(folder, 'deep', 'connection-id.key')
    const key = openConnectionIdKey(path)
    expect(key).toHaveLength(16)
    expect(new Uint8Array(readFileSync(path))).toEqual(key)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['connection-id.key'])
  })

  it('is the same after a restart', () => {
    const path = join(folder, 'key')
    expect(openConnectionIdKey(path)).toEqual(openConnectionIdKey(path))
  })

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])('is created if a link fails with %s', async (code) => {
    const path = join(folder, 'key')
    const { key } = await openedWithoutLinks(path, code)
    expect(key).toHaveLength(16)
    expect(new Uint8Array(readFileSync(path))).toEqual(key)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['key'])
  })

  it('is not created if a link fails for another reason', async () => {
    const path = join(folder, 'key')
    expect(await openedWithoutLinks(path, 'EIO')).toEqual({ failed: expect.stringContaining(`${path}: cannot be w`) })
    expect(readdirSync(folder)).toEqual([])
  })

  it('differs between trackers', () => {
    expect(openConnectionIdKey(join(folder, 'a'))).not.toEqual(openConnectionIdKey(join(folder, 'b')))
  })

  it.each([0, 15, 17])('is rejected if it is %i bytes long', (bytes) => {
    const path = join(folder, 'key')
    writeFileSync(path, Buffer.alloc(bytes), { mode: 0o600 })
    expect(() => openConnectionIdKey(path)).toThrow(`${path}: ${bytes} bytes long`)
  })

  it.each([0o640, 0o604, 0o660])('is rejected if other users can access it (mode %i)', (mode) => {
    const path = join(folder, 'key')
    writeFileSync(path, KEY)
    chmodSync(path, mode)
    expect(() => openConnectionIdKey(path)).toThrow('set its mode to 0600')
  })

  it('is not shown in an error', () => {
    const path = join(folder, 'key')
    writeFileSync(path, 'secret-secret-secret', { mode: 0o600 })
    expect(() => openConnectionIdKey(path)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret-') }),
    )
  })

  it('is named in the error if it cannot be created in its folder', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openConnectionIdKey(join(folder, 'file', 'key'))).toThrow(join(folder, 'file', 'key'))
  })
})
