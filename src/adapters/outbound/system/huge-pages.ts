// Asks Linux to back a large piece of memory with pages of 2 MiB. Announces touch swarms at random, and with pages of 4
// KiB the processor spends part of its time finding out where each page is.

import { errorMessage } from '../../../domain/error-message.ts'

/** `madvise` of the C library: advice 14, MADV_HUGEPAGE. */
const MADV_HUGEPAGE = 14
const PAGE_BYTES = 4096

/** Advises the system; what comes back is why nothing came of it, or undefined. Worth a try: nothing depends on it. */
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
