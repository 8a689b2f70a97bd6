// Asks Linux to back a large block of memory with 2 MiB pages. Announces access swarms at random, and with 4 KiB pages
// the processor spends part of its time on page table lookups.

import { errorMessage } from '../../../domain/error-message.ts'

/** `madvise` of the C library: advice 14, MADV_HUGEPAGE. */
const MADV_HUGEPAGE = 14
const PAGE_BYTES = 4096

/** Best effort: nothing depends on it. Returns the reason when it fails, otherwise undefined. */
export async function adviseHugePages(memory: SharedArrayBuffer): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this is ${process.platform}`
  try {
    const { address, errno, load } = await import('koffi')
    const madvise = load(null).func('madvise', 'int', ['uintptr_t', 'size_t', 'int'])
    const start = Number(address(memory))
    const first = Math.ceil(start / PAGE_BYTES) * PAGE_BYTES
    const end = Math.floor((start + memory.byteLength) / PAGE_BYTES) * PAGE_BYTES
    return madvise(first, end - first, MADV_HUGEPAGE) === 0 ? undefined : `madvise failed with errno ${errno()}`
  } catch (error) {
    return `koffi cannot be loaded: ${errorMessage(error)}`
  }
}
