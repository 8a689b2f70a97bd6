// Completed downloads on their way to the store: gathered as they happen, written behind in batches.

import { port } from '../port.ts'

export interface DownloadKeeping {
  /** Gathers what has happened since the last call; cheap, meant to be called several times a second. */
  collect(): void
  /**
   * Writes what has been gathered; resolves with the number of torrents written. Rejects with a `Refusal`
   * 'store-unavailable' when that is not possible now: everything is kept for the next call.
   */
  flush(): Promise<number>
  /** Number of torrents whose counts wait to be written. */
  readonly waiting: number
}
export const DownloadKeeping = port<DownloadKeeping>('DownloadKeeping')
