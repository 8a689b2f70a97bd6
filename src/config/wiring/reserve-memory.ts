// Reserves the memory that all threads share, in its configured size, and asks the kernel to back it with huge pages.

import { CryptoRandomness } from '../../adapters/outbound/system/crypto-randomness.ts'
import { adviseHugePages } from '../../adapters/outbound/system/huge-pages.ts'
import type { TimeBase } from '../../adapters/outbound/system/time-base.ts'
import type { Logger } from '../process/logger.ts'
import type { Settings } from '../settings/settings.ts'
import { writeSize } from '../settings/sizes.ts'
import { createSharedMemory, type MemorySizes, type SharedMemory } from './shared-memory.ts'

export async function reserveMemory(
  { memory: { swarmBudgetBytes }, limits }: Settings,
  counted: Pick<MemorySizes, 'threads' | 'listeners'>,
  timeBase: TimeBase,
  logger: Logger,
): Promise<SharedMemory> {
  const access = { torrents: limits.maxListedTorrents, keys: limits.maxKeys, bans: limits.maxBans }
  const sizes = { swarmBudgetBytes, addressRules: limits, access, ...counted }
  const memory = createSharedMemory(sizes, new CryptoRandomness(), timeBase)
  logger.log('info', 'CORE', `${writeSize(swarmBudgetBytes)} reserved for swarms; memory is used as needed`)
  const obstacle = (await adviseHugePages(memory.swarms)) ?? (await adviseHugePages(memory.access))
  if (obstacle !== undefined) logger.log('debug', 'CORE', `no huge pages: ${obstacle}`)
  return memory
}
