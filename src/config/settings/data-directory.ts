// The folder of the files that survive a restart, unless they have an option of their own.

import type { SettingsDocument } from './document-schema.ts'
import { membersOf } from './options/members.ts'
import { processOptions } from './options/process.ts'

export function dataDirectoryOf({ process }: SettingsDocument): string {
  return membersOf(processOptions, process).dataDirectory
}
