import { describe, expect, it } from '@jest/globals'
import { KEYS_WITHOUT_DATABASE, LIST_WITHOUT_DATABASE } from '../../../src/application/access/no-database.ts'
import type { AccessKey } from '../../../src/domain/access-key.ts'
import type { InfoHash } from '../../../src/domain/info-hash.ts'

describe('without a database', () => {
  it('nothing can be administered, and every call rejects with the reason', async () => {
    const list = LIST_WITHOUT_DATABASE
    const keys = KEYS_WITHOUT_DATABASE
    const key = 'k'.repeat(32) as AccessKey
    const infoHash = 'a'.repeat(40) as InfoHash
    expect([list.isAvailable, keys.isAvailable]).toEqual([false, false])
    const attempts = [
      ...[list.add([{ infoHash }]), list.remove([infoHash]), list.find(infoHash)],
      ...[list.page(0, 1), list.count(), list.reload()],
      ...[keys.issue(1), keys.add(key, 1), keys.revoke(1), keys.extend(1, 1)],
      ...[keys.find(key), keys.page(0, 1), keys.count(), keys.reload()],
    ]
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({
        code: 'no-database',
        message: expect.stringContaining('[core.database]'),
      })
    }
  })
})
