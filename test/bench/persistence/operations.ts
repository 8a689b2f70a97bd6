// The operations of Torrust's persistence benchmark, each as the closest call of our stores.

import type { Database } from '../../../src/adapters/outbound/persistence/open-database.ts'
import type { StoredKey } from '../../../src/domain/ports/outbound/key-store.ts'
import { aKey, anInfoHash } from '../../fixtures/hashes.ts'

export interface Operation {
  readonly name: string
  /** The call behind the name, for the notes. */
  readonly call: string
  readonly run: (number: number) => Promise<unknown>
}

const PAGE = 1000

/** In execution order: each relies on the data of the earlier ones. */
export function operations({ whitelist, keys, downloads }: Database): readonly Operation[] {
  const issued: StoredKey[] = []
  let batch = 0
  const download = (number: number) => downloads.add(++batch, [{ infoHash: anInfoHash(number), completed: 1 }])
  return [
    { name: 'save_torrent_downloads', call: 'downloads.add of a torrent without a count', run: download },
    { name: 'load_all_torrents_downloads', call: 'downloads.page', run: () => downloads.page(0, PAGE) },
    { name: 'increase_downloads_for_torrent', call: 'downloads.add of a torrent with a count', run: download },
    {
      name: 'add_info_hash_to_whitelist',
      call: 'whitelist.add',
      run: (number) => whitelist.add([{ infoHash: anInfoHash(number) }]),
    },
    {
      name: 'get_info_hash_from_whitelist',
      call: 'whitelist.find',
      run: (number) => whitelist.find(anInfoHash(number)),
    },
    { name: 'load_whitelist', call: 'whitelist.page', run: () => whitelist.page(0, PAGE) },
    {
      name: 'add_key_to_keys',
      call: 'keys.add',
      run: async (number) => issued.push(await keys.add(aKey(number), number)),
    },
    { name: 'get_key_from_keys', call: 'keys.find', run: (number) => keys.find(aKey(number)) },
    { name: 'load_keys', call: 'keys.page', run: () => keys.page(0, PAGE) },
    { name: 'remove_key_from_keys', call: 'keys.remove', run: (number) => keys.remove(issued[number]?.id ?? 0) },
  ]
}
