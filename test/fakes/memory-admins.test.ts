import { keyAdminContract } from '../contracts/key-admin-contract.ts'
import { torrentListAdminContract } from '../contracts/torrent-list-admin-contract.ts'
import { MemoryKeyAdmin } from './memory-key-admin.ts'
import { MemoryListAdmin } from './memory-list-admin.ts'

function subject<Admin extends MemoryKeyAdmin | MemoryListAdmin>(admin: Admin) {
  admin.capacity = 10
  return {
    admin,
    makeUnavailable: () => {
      admin.trouble.isUnavailable = true
    },
  }
}

torrentListAdminContract('a list in memory', async () => subject(new MemoryListAdmin()))
keyAdminContract('keys in memory', 1_700_000_000, async () => subject(new MemoryKeyAdmin()))
