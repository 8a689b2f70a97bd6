// Whether code that makes system calls itself can run here.

import { errorMessage } from '../../domain/error-message.ts'

/** Architectures with the structure layouts of this folder's users: 64 bits, little endian. */
const ARCHITECTURES = ['x64', 'arm64', 'riscv64', 'loong64']

/** Why system calls such as `call` cannot be made here; undefined when they can. `load` loads them. */
export async function linuxObstacle(call: string, load: () => Promise<unknown>): Promise<string | undefined> {
  if (process.platform !== 'linux') return `${call} is a Linux call, and this is ${process.platform}`
  if (!ARCHITECTURES.includes(process.arch)) return `not built for ${process.arch}`
  try {
    await load()
    return undefined
  } catch (error) {
    return `koffi cannot be loaded: ${errorMessage(error)}`
  }
}
