import { banStoreContract } from '../contracts/ban-store-contract.ts'
import { downloadStoreContract } from '../contracts/download-store-contract.ts'
import { keyStoreContract } from '../contracts/key-store-contract.ts'
import type { Subject } from '../contracts/subject.ts'
import { torrentListStoreContract } from '../contracts/torrent-list-store-contract.ts'
import { MemoryBanStore } from './memory-ban-store.ts'
import { MemoryDownloadStore } from './memory-download-store.ts'
import { MemoryKeyStore } from './memory-key-store.ts'
import { MemoryTorrentListStore } from './memory-torrent-list-store.ts'
import type { SwitchableStore } from './switchable-store.ts'

function subject<Store extends SwitchableStore>(store: Store): Subject<Store> {
  return {
    store,
    makeUnavailable: async () => {
      store.isUnavailable = true
    },
    close: async () => {},
  }
}

function nowSeconds() {
  return 1_800_000_000
}

torrentListStoreContract('a list in memory', async () => subject(new MemoryTorrentListStore(nowSeconds)))
keyStoreContract('keys in memory', async () => subject(new MemoryKeyStore(nowSeconds)))
banStoreContract('bans in memory', async () => subject(new MemoryBanStore()))
downloadStoreContract('downloads in memory', async () => subject(new MemoryDownloadStore()))
